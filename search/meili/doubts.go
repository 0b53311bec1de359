package meili

import (
	"sync"

	"jinghe/search"
)

// doubts are the documents of changes that failed here: the server may carry such a change
// out later, so that what it holds of them now says nothing. The zero value is ready.
type doubts struct {
	mu  sync.Mutex
	ids map[string]bool
}

// note says of the documents of a change whether it failed. A later one that the server
// carried out ends the doubt, since it carries out the changes of an index in their order.
func (d *doubts) note(puts []search.Document, deletes []string, failed bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !failed && len(d.ids) == 0 {
		return
	}
	if d.ids == nil {
		d.ids = make(map[string]bool)
	}
	say := func(id string) {
		if failed {
			d.ids[id] = true
		} else {
			delete(d.ids, id)
		}
	}
	for i := range puts {
		say(puts[i].ID)
	}
	for _, id := range deletes {
		say(id)
	}
}

func (d *doubts) has(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ids[id]
}
