package convene

import (
	"cmp"
	"slices"

	"jinghe/internal/scene"
)

// Unconfirmed is a wish that cannot be planned yet: the other side did not say yes.
type Unconfirmed struct {
	From, To scene.ID
	Kind     scene.FairWishKind
	Note     string // what From wants to talk about
}

// Requests are the wishes about a party that it did not answer yet, those that
// have to be first, then those said earlier. Nobody learns of a never.
func (b *Board) Requests(party scene.ID) []Unconfirmed {
	own := b.Parties[party]
	if own == nil {
		return nil
	}
	var list []Unconfirmed
	said := map[scene.ID]scene.FairWish{}
	for _, p := range b.Parties {
		w, wants := p.Wish(party)
		if _, answered := own.Wish(p.ID); !wants || answered || w.Kind == scene.WishNever || p.State != scene.PartyAccepted {
			continue
		}
		said[p.ID] = w
		list = append(list, Unconfirmed{From: p.ID, To: party, Kind: w.Kind, Note: w.Note})
	}
	slices.SortFunc(list, func(x, y Unconfirmed) int {
		return cmp.Or(-cmp.Compare(weight(x.Kind), weight(y.Kind)), said[x.From].At.Compare(said[y.From].At), cmp.Compare(x.From, y.From))
	})
	return list
}

func weight(k scene.FairWishKind) int {
	if k == scene.WishMust {
		return 1
	}
	return 0
}

// Unconfirmed are all wishes of the fair that cannot be planned because the other
// side has to confirm them and said nothing, by who was asked: whoever has most to
// answer first.
func (b *Board) Unconfirmed() []Unconfirmed {
	var list []Unconfirmed
	count := map[scene.ID]int{}
	for _, p := range b.Parties {
		if p.State != scene.PartyAccepted || consents(&b.Fair, p) {
			continue
		}
		asked := b.Requests(p.ID)
		count[p.ID] = len(asked)
		list = append(list, asked...)
	}
	slices.SortStableFunc(list, func(x, y Unconfirmed) int {
		return cmp.Or(-cmp.Compare(count[x.To], count[y.To]), cmp.Compare(b.Name(x.To), b.Name(y.To)), cmp.Compare(x.To, y.To))
	})
	return list
}

// consents reports whether the word of a silent party is not needed. A never is a
// word too: the plan tells of it as the reason.
func consents(f *scene.Fair, p *scene.FairParty) bool {
	return f.Mode == scene.FairOrganiser || f.Mode == scene.FairHosted && p.Hosted
}
