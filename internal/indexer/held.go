package indexer

import (
	"maps"
	"math"

	"jinghe/internal/scene"
)

// held is what the copies hold: an index cannot list its documents, and what
// visitors see of an organisation depends on its listings. It is read and
// written under the lock of a batch.
type held struct {
	organisations map[scene.ID]bool
	listings      map[scene.Kind]map[scene.ID]scene.ID // id → organisation
	// releases are the instants of release, in Unix seconds, of the listings of
	// an organisation that are or were public.
	releases map[scene.ID]map[scene.ID]float64
	// owed are organisations that had or have listings which changed, and whose own
	// documents have not followed yet: what fails half done is made good next time.
	owed map[scene.ID]bool
}

func newHeld() *held {
	return &held{
		organisations: map[scene.ID]bool{},
		listings: map[scene.Kind]map[scene.ID]scene.ID{
			scene.KindOpportunity: {}, scene.KindCapability: {},
		},
		releases: map[scene.ID]map[scene.ID]float64{},
		owed:     map[scene.ID]bool{},
	}
}

// owe notes organisations whose documents have to follow.
func (h *held) owe(orgs map[scene.ID]bool) {
	delete(orgs, "")
	maps.Copy(h.owed, orgs)
}

// put notes a listing and returns the organisation it belonged to before, if it was held.
func (h *held) put(kind scene.Kind, l *scene.Listing) scene.ID {
	before := h.drop(kind, l.ID)
	h.listings[kind][l.ID] = l.OrgID
	from, public := l.Released()
	if !public || l.OrgID == "" {
		return before
	}
	if h.releases[l.OrgID] == nil {
		h.releases[l.OrgID] = map[scene.ID]float64{}
	}
	h.releases[l.OrgID][l.ID] = instant(from, 0)
	return before
}

// drop forgets a listing and returns the organisation it belonged to.
func (h *held) drop(kind scene.Kind, id scene.ID) scene.ID {
	org := h.listings[kind][id]
	delete(h.listings[kind], id)
	delete(h.releases[org], id)
	if len(h.releases[org]) == 0 {
		delete(h.releases, org)
	}
	return org
}

// released returns the first release of a listing of org; false if it never had one.
func (h *held) released(org scene.ID) (float64, bool) {
	first := math.Inf(1)
	for _, at := range h.releases[org] {
		first = min(first, at)
	}
	return first, len(h.releases[org]) > 0
}
