package transfer

import (
	"slices"

	"jinghe/internal/scene"
)

// maxAlike is how many warnings of one sort are listed for a column of a sheet; the rest are counted.
const maxAlike = 20

// problems collects what a person has to know. Rejections are all kept;
// warnings that repeat are counted.
type problems struct {
	file  string
	all   []scene.Problem
	alike map[alike]int
	once  map[onceKey]bool
}

type alike struct{ sheet, column, key string }

type onceKey struct {
	alike
	value string
}

func newProblems(file string) *problems {
	return &problems{file: file, alike: map[alike]int{}, once: map[onceKey]bool{}}
}

func (p *problems) add(q scene.Problem) {
	q.File = p.file
	q.Value = quote(q.Value)
	if !q.Rejected {
		k := alike{q.Sheet, q.Column, q.Key}
		if p.alike[k]++; p.alike[k] > maxAlike {
			return
		}
	}
	p.all = append(p.all, q)
}

// addOnce is add for a warning that one telling a value is enough of.
func (p *problems) addOnce(q scene.Problem) {
	k := onceKey{alike{q.Sheet, q.Column, q.Key}, q.Value}
	if p.once[k] {
		return
	}
	if len(p.once) < 100_000 {
		p.once[k] = true
	}
	p.add(q)
}

// list returns the problems with a line for each sort of which more were met than listed.
func (p *problems) list() []scene.Problem {
	out := slices.Clone(p.all)
	for _, q := range p.all {
		k := alike{q.Sheet, q.Column, q.Key}
		if n := p.alike[k]; !q.Rejected && n > maxAlike {
			p.alike[k] = 0
			out = append(out, scene.Problem{
				File: p.file, Sheet: q.Sheet, Column: q.Column, Key: "transfer.more_alike",
				Args: map[string]any{"count": n - maxAlike, "first": q.Row},
			})
		}
	}
	return out
}

// entry joins what could be read of a rejected row to the problems told of it,
// which are the last ones.
func (p *problems) entry(sheet string, row int, read scene.Row) {
	for i := len(p.all) - 1; i >= 0 && p.all[i].Sheet == sheet && p.all[i].Row == row; i-- {
		if p.all[i].Rejected {
			p.all[i].Entry = &read
		}
	}
}
