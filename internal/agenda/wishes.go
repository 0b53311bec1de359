package agenda

// united is a meeting with what both sides said about it.
type united struct {
	source *Meeting
	musts  []string
	never  []string
}

// pairOf is an unordered pair of parties.
type pairOf struct{ a, b string }

func pair(a, b string) pairOf {
	if a > b {
		a, b = b, a
	}
	return pairOf{a, b}
}

// unite makes one list of meetings of the problem's meetings and wishes. The
// wishes of a pair join the first meeting of just these two, or make one, in the
// order of the wishes. The problem is left as it is.
func unite(p *Problem) []united {
	list := make([]united, 0, len(p.Meetings)+len(p.Wishes))
	of := make(map[pairOf]int, len(p.Meetings)+len(p.Wishes))
	taken := make(map[string]bool, len(p.Meetings)+len(p.Wishes))
	made := make([]Meeting, 0, len(p.Meetings)+len(p.Wishes)) // all that are needed, in one piece
	for i := range p.Meetings {
		made = append(made, p.Meetings[i])
		m := &made[i]
		u := united{source: m}
		if m.Must || m.Locked != nil {
			u.musts = append(u.musts, "")
		}
		taken[m.ID] = true
		if len(m.Parties) == 2 {
			if _, there := of[pair(m.Parties[0], m.Parties[1])]; !there {
				of[pair(m.Parties[0], m.Parties[1])] = len(list)
			}
		}
		list = append(list, u)
	}
	for i := range p.Wishes {
		w := &p.Wishes[i]
		k, there := of[pair(w.From, w.To)]
		if !there {
			k = len(list)
			of[pair(w.From, w.To)] = k
			made = append(made, Meeting{ID: wishID(w, taken), Parties: []string{w.From, w.To}})
			list = append(list, united{source: &made[len(made)-1]})
		}
		list[k].join(w)
	}
	return list
}

// join adds what one side says.
func (u *united) join(w *Wish) {
	switch w.Kind {
	case Never:
		u.never = append(u.never, w.From)
	case Must:
		u.musts = append(u.musts, w.From)
		u.source.Value += w.Value
	default:
		u.source.Value += w.Value
	}
}

// wishID names the meeting of a wish FROM~TO, made different from ids taken.
func wishID(w *Wish, taken map[string]bool) string {
	id := w.From + "~" + w.To
	for taken[id] {
		id += "~"
	}
	taken[id] = true
	return id
}
