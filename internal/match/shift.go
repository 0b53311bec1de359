package match

// Shift is how the list of one asker differs between two rankings: what a
// change of words, weights or rows does, for people to judge.
type Shift struct {
	Need  Ref     `json:"need"`
	Came  []Place `json:"came"`  // in the list now, in order of Now
	Went  []Place `json:"went"`  // no longer in it, in order of Was
	Moved []Place `json:"moved"` // at another place, in order of Now
}

// Place is a counterpart with its places, 1 for the best and 0 for none.
type Place struct {
	Offer Ref `json:"offer"`
	Was   int `json:"was"`
	Now   int `json:"now"`
}

// Weight is how much of the list changed: what came and went counts ten times
// a move.
func (s *Shift) Weight() int { return 10*(len(s.Came)+len(s.Went)) + len(s.Moved) }

// Compare returns the difference between the first top matches of two rankings
// of one asker, and whether there is any.
func Compare(before, after *Ranking, top int) (Shift, bool) {
	s := Shift{Need: after.Need, Came: []Place{}, Went: []Place{}, Moved: []Place{}}
	was := standings(before, top)
	for i, m := range after.Matches[:min(top, len(after.Matches))] {
		p := Place{Offer: m.Offer, Was: was[m.Offer], Now: i + 1}
		switch {
		case p.Was == 0:
			s.Came = append(s.Came, p)
		case p.Was != p.Now:
			s.Moved = append(s.Moved, p)
		}
	}
	now := standings(after, top)
	for i, m := range before.Matches[:min(top, len(before.Matches))] {
		if now[m.Offer] == 0 {
			s.Went = append(s.Went, Place{Offer: m.Offer, Was: i + 1})
		}
	}
	return s, s.Weight() > 0
}

func standings(r *Ranking, top int) map[Ref]int {
	at := make(map[Ref]int, top)
	for i, m := range r.Matches[:min(top, len(r.Matches))] {
		at[m.Offer] = i + 1
	}
	return at
}
