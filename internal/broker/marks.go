package broker

import (
	"cmp"
	"slices"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// marks is what people decided about pairs once and for all. It is not changed
// after it was made.
type marks struct {
	kinds map[pair]scene.MarkKind
	// pinned lists the counterparts pinned to a listing, from either side.
	pinned map[scene.ID][]scene.ID
}

type pair struct{ need, offer scene.ID }

// SetMarks replaces the pins and exclusions that answers honour, in both
// directions, from now on. Marks of listings that the market does not hold wait for them.
func (m *Market) SetMarks(list []scene.Mark) {
	next := &marks{kinds: make(map[pair]scene.MarkKind, len(list)), pinned: map[scene.ID][]scene.ID{}}
	for _, k := range list {
		next.kinds[pair{k.Need, k.Offer}] = k.Kind
		if k.Kind == scene.Pinned {
			next.pinned[k.Need] = append(next.pinned[k.Need], k.Offer)
			next.pinned[k.Offer] = append(next.pinned[k.Offer], k.Need)
		}
	}
	m.marks.Store(next)
}

// Mark returns the mark of a pair, "" if it has none.
func (m *Market) Mark(need, offer scene.ID) scene.MarkKind {
	k := m.marks.Load()
	if k == nil {
		return ""
	}
	return k.kinds[pair{need, offer}]
}

// withPinned adds the counterparts pinned to asker that retrieval did not find.
func (m *Market) withPinned(asker *match.Profile, others *side, rows []*entry) []*entry {
	k := m.marks.Load()
	if k == nil || len(k.pinned[asker.Ref.ID]) == 0 {
		return rows
	}
	rows = slices.Clip(rows)
	for _, id := range k.pinned[asker.Ref.ID] {
		if e, ok := others.get(id); ok && !slices.Contains(rows, e) {
			rows = append(rows, e)
		}
	}
	return rows
}

// marked notes the mark of each scored pair.
func (m *Market) marked(list []scored) []scored {
	if k := m.marks.Load(); k != nil && len(k.kinds) > 0 {
		for i, s := range list {
			list[i].mark = k.kinds[pair{s.query.Need().Ref.ID, s.offer.Ref.ID}]
		}
	}
	return list
}

// byRank puts pinned pairs first, then the best.
func byRank(a, b scored) int {
	first := func(s scored) int {
		if s.mark == scene.Pinned {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(first(a), first(b)), byScore(a, b))
}

// keptOut renders a pair that a person took out. Only staff learn of it.
func keptOut(ref match.Ref, lang locale.Lang) match.Exclusion {
	return match.Exclusion{Offer: ref, Clauses: []match.Gap{{
		Clause: "manual", Status: "unmet", Advice: locale.Text(lang, "match.advice.manual.unmet", nil),
	}}}
}
