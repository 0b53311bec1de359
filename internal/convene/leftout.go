package convene

import (
	"cmp"
	"slices"

	"jinghe/internal/scene"
)

// LeftOut is a wish of a party that the version in force has no meeting for.
type LeftOut struct {
	To   scene.ID
	Kind scene.FairWishKind // must or want
	// Later says that it was said after the version was published, of two parties whose
	// meeting nobody had asked to plan. One that was said before, and is changed since, is
	// not later: the plan tells the organisers why there was no place for it.
	Later bool
}

// LeftOut are the wishes of a party without a meeting in the version in force, those that
// had to be first; none while nothing is published. Why a meeting is not there is for the
// organisers alone: that the other side said never must not be told apart from a table
// that was taken.
func (b *Board) LeftOut(party scene.ID) (list []LeftOut) {
	own := b.Parties[party]
	if own == nil || b.Version == 0 {
		return nil
	}
	meets := map[scene.ID]bool{}
	for _, at := range b.own[party] {
		for _, id := range b.Rounds[at.round].Meetings[at.at].Parties {
			meets[id] = true
		}
	}
	for _, w := range own.Wishes {
		other := b.Parties[w.To]
		if w.Kind == scene.WishNever || meets[w.To] || other == nil || other.State != scene.PartyAccepted {
			continue
		}
		list = append(list, LeftOut{To: w.To, Kind: w.Kind, Later: w.At.After(b.published) && !b.posed[pairOf(party, w.To).meetingID()]})
	}
	slices.SortFunc(list, func(x, y LeftOut) int {
		return cmp.Or(-cmp.Compare(weight(x.Kind), weight(y.Kind)), cmp.Compare(b.Name(x.To), b.Name(y.To)), cmp.Compare(x.To, y.To))
	})
	return list
}
