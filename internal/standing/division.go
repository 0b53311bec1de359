package standing

import (
	"sync"

	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// divisions answers whether a listing is where searches ask. There are as many
// as the dictionary has at most, so that they are never taken out.
type divisions struct {
	dicts   Taxonomy
	numbers map[string]uint32
	codes   []string

	mu    sync.Mutex
	known map[place][]scene.Truth // by division of a listing: a row over codes
}

// place is a division that a need lands in or an offer is delivered to.
type place struct {
	code string
	side match.Side
}

func newDivisions(dicts Taxonomy) *divisions {
	return &divisions{dicts: dicts, numbers: map[string]uint32{}, known: map[place][]scene.Truth{}}
}

func (d *divisions) number(code string) uint32 {
	n, ok := d.numbers[code]
	if !ok {
		n = uint32(len(d.codes))
		d.numbers[code] = n
		d.codes = append(d.codes, code)
	}
	return n
}

// truths appends, for each division asked for, whether the listing is there:
// nothing where it does not say. In one of several is enough.
func (d *divisions) truths(into []scene.Truth, p *match.Profile) []scene.Truth {
	for i, code := range p.Regions {
		row := d.row(place{code, p.Side})
		if i == 0 {
			into = append(into, row...)
			continue
		}
		for n, t := range row {
			into[n] = max(into[n], t)
		}
	}
	return into
}

// row holds one division of a listing against all that are asked for.
func (d *divisions) row(at place) []scene.Truth {
	d.mu.Lock()
	defer d.mu.Unlock()
	row := d.known[at]
	if len(row) == len(d.codes) {
		return row
	}
	row = append(make([]scene.Truth, 0, len(d.codes)), row...) // others read the shorter one
	for _, asked := range d.codes[len(row):] {
		row = append(row, d.lies(asked, at))
	}
	d.known[at] = row
	return row
}

// lies: a listing is in a division asked for if its own lies inside. A wider one
// does not say where it lands; who delivers to all of it delivers there too.
func (d *divisions) lies(asked string, at place) scene.Truth {
	switch {
	case d.dicts.RegionContains(asked, at.code):
		return scene.Yes
	case !d.dicts.RegionContains(at.code, asked):
		return scene.No
	case at.side == match.SideOffer:
		return scene.Yes
	}
	return scene.Unknown
}
