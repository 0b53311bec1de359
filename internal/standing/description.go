package standing

// descriptions files searches by the telling words of a page: a listing adds up,
// word by word, what it has of each.
type descriptions struct {
	searches []uint32 // by number of the description
	starts   []uint16 // full less what is needed: whose sum comes to full is found
	free     []uint32
	postings map[uint32][]posting // by word
}

// posting says what a word is worth to a description.
type posting struct {
	description uint32
	value       uint16
}

const (
	// whole is what the telling words of a description are worth together, but for rounding.
	whole = 1 << 12
	full  = 1 << 15
)

// add files a description and returns its number.
func (d *descriptions) add(q *question, search uint32) uint32 {
	var n uint32
	if last := len(d.free) - 1; last >= 0 {
		n, d.free = d.free[last], d.free[:last]
	} else {
		n = uint32(len(d.searches))
		d.searches, d.starts = append(d.searches, 0), append(d.starts, 0)
	}
	d.searches[n], d.starts[n] = search, full-q.least
	for _, w := range q.telling {
		d.postings[w.term] = append(d.postings[w.term], posting{n, w.value})
	}
	return n
}

// remove takes a description out.
func (d *descriptions) remove(q *question) {
	for _, w := range q.telling {
		list := d.postings[w.term]
		for i := range list {
			if list[i].description == q.description {
				last := len(list) - 1
				list[i] = list[last]
				list = list[:last]
				break
			}
		}
		if d.postings[w.term] = list; len(list) == 0 {
			delete(d.postings, w.term)
		}
	}
	d.starts[q.description] = 0
	d.free = append(d.free, q.description)
}

// walk visits the searches of which the listing has enough.
func (d *descriptions) walk(r *reader, visit func(search uint32)) {
	if len(d.postings) == 0 {
		return
	}
	r.sums = append(r.sums[:0], d.starts...)
	sums := r.sums
	for _, word := range r.met {
		for _, p := range d.postings[word] {
			before := sums[p.description]
			sum := before + p.value
			sums[p.description] = sum
			if sum >= full && before < full {
				visit(d.searches[p.description])
			}
		}
	}
}
