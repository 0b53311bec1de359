package convene

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Bounds of what is suggested.
const (
	pairsAsked     = 60 // counterparts that are ranked for each need
	listingsEach   = 10 // of an organisation that names none itself
	suggestionWait = 2500 * time.Millisecond
	suggestionLife = 15 * time.Minute
	leastSuggested = 0.2 // score below which nobody is suggested
)

// Suggestion is a party that another should meet, as the matcher sees it.
type Suggestion struct {
	Party scene.ID
	Why   scene.FairWhy
	// Asked says that the other side wants the meeting, or has to have it.
	Asked scene.FairWishKind
}

// suggested is what the matcher said of all pairs of a fair.
type suggested struct {
	print string
	made  time.Time
	done  chan struct{} // closed when pairs are there
	pairs map[pair]scene.FairWhy
	err   error
}

// pair is two parties in order.
type pair struct{ a, b scene.ID }

func pairOf(a, b scene.ID) pair {
	if a > b {
		a, b = b, a
	}
	return pair{a, b}
}

// meetingID names the meeting of a pair, whoever asked.
func (p pair) meetingID() string { return string(p.a) + "~" + string(p.b) }

// Suggestions returns whom a party should meet, the best first, leaving out
// those it spoke about itself: everybody gets some, also who never said a word.
// pending says that the matcher is still at work; a page then offers to look again.
func (s *Service) Suggestions(ctx context.Context, fair scene.ID, party scene.ID, top int) (list []Suggestion, pending bool, err error) {
	f, parties, err := s.rows(ctx, fair)
	if err != nil {
		return nil, false, err
	}
	pairs, pending := s.pairs(ctx, &f, parties, suggestionWait)
	at := map[scene.ID]*scene.FairParty{}
	for i := range parties {
		at[parties[i].ID] = &parties[i]
	}
	own := at[party]
	if own == nil {
		return nil, pending, nil
	}
	for key, why := range pairs {
		other := key.a
		if other == party {
			other = key.b
		} else if key.b != party {
			continue
		}
		p := at[other]
		if _, said := own.Wish(other); said || p == nil || p.State != scene.PartyAccepted || why.Score < leastSuggested {
			continue
		}
		x := Suggestion{Party: other, Why: why}
		if w, said := p.Wish(party); said {
			if w.Kind == scene.WishNever {
				continue // nobody learns who does not want to meet him
			}
			x.Asked = w.Kind
		}
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b Suggestion) int {
		return cmp.Or(-cmp.Compare(a.Why.Score, b.Why.Score), cmp.Compare(a.Party, b.Party))
	})
	return list[:min(top, len(list))], pending, nil
}

// rows reads a fair with its parties.
func (s *Service) rows(ctx context.Context, fair scene.ID) (f scene.Fair, parties []scene.FairParty, err error) {
	err = s.read(ctx, "convene.rows", func(tx store.Tx) (err error) {
		if f, err = tx.Fairs().Get(ctx, fair); err == nil {
			parties, err = tx.Fairs().Parties(ctx, fair)
		}
		return err
	})
	return f, parties, err
}

// pairs returns what the matcher says of all pairs, waiting for it as long as
// given; what it said before serves meanwhile.
func (s *Service) pairs(ctx context.Context, f *scene.Fair, parties []scene.FairParty, wait time.Duration) (map[pair]scene.FairWhy, bool) {
	if s.pairing == nil {
		return nil, false
	}
	now, mark := s.now(), printOf(parties)
	s.mu.Lock()
	held := s.known[f.ID]
	var old map[pair]scene.FairWhy
	if held != nil && held.ready() {
		old = held.pairs
	}
	if held == nil || held.ready() && (held.print != mark || held.err != nil || now.Sub(held.made) > suggestionLife) {
		held = &suggested{print: mark, made: now, done: make(chan struct{})}
		s.known[f.ID] = held
		s.work.Go(func() { s.compare(f.ID, held, parties) })
	}
	s.mu.Unlock()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-held.done:
		return held.pairs, false
	case <-ctx.Done():
	case <-timer.C:
	}
	return old, true
}

func (x *suggested) ready() bool {
	select {
	case <-x.done:
		return true
	default:
		return false
	}
}

// printOf changes with who takes part and what is brought.
func printOf(parties []scene.FairParty) string {
	var b strings.Builder
	for i := range parties {
		if parties[i].State == scene.PartyAccepted {
			fmt.Fprintf(&b, "%s%v", parties[i].ID, parties[i].Listings)
		}
	}
	return b.String()
}

// compare asks the matcher about everything that is brought to the fair.
func (s *Service) compare(fair scene.ID, into *suggested, parties []scene.FairParty) {
	defer close(into.done)
	var b brought
	if into.err = s.store.View(s.alive, func(tx store.Tx) error { return b.read(s.alive, tx, parties, s.now()) }); into.err == nil {
		into.pairs, into.err = b.pairs(s.alive, s.pairing)
	}
	if into.err != nil && s.alive.Err() == nil {
		s.log.Warn("what is brought to a fair was not compared", "fair", fair, "error", into.err)
	}
}

// brought is what parties bring, with whose it is.
type brought struct {
	needs, offers []scene.Row
	owner         map[scene.ID]scene.ID // listing → party
}

func (b *brought) read(ctx context.Context, tx store.Tx, parties []scene.FairParty, at time.Time) error {
	*b = brought{owner: map[scene.ID]scene.ID{}} // an adapter may run this again
	for i := range parties {
		p := &parties[i]
		if p.State != scene.PartyAccepted || p.OrgID == "" {
			continue
		}
		org, err := tx.Organisations().Get(ctx, p.OrgID)
		if err != nil {
			return err
		}
		if err := b.ofParty(ctx, tx, p, org, at); err != nil {
			return err
		}
	}
	return nil
}

// ofParty adds the listings that a party names, or else those of its organisation,
// as far as they are open: what is held back until a release is told to nobody.
func (b *brought) ofParty(ctx context.Context, tx store.Tx, p *scene.FairParty, org scene.Organisation, at time.Time) error {
	named := map[scene.ID]bool{}
	for _, l := range p.Listings {
		named[l.ID] = true
	}
	f, page := store.ListingFilter{OrgID: p.OrgID, OpenAt: at}, store.Page{Limit: 200}
	needs, err := tx.Opportunities().List(ctx, f, page)
	if err != nil {
		return err
	}
	offers, err := tx.Capabilities().List(ctx, f, page)
	if err != nil {
		return err
	}
	n := 0
	take := func(id scene.ID) bool {
		if len(named) > 0 && !named[id] || len(named) == 0 && n >= listingsEach {
			return false
		}
		n++
		b.owner[id] = p.ID
		return true
	}
	for i := range needs.Items {
		if take(needs.Items[i].ID) {
			b.needs = append(b.needs, scene.Row{Label: string(needs.Items[i].ID), Opportunity: &needs.Items[i], Org: org})
		}
	}
	for i := range offers.Items {
		if take(offers.Items[i].ID) {
			b.offers = append(b.offers, scene.Row{Label: string(offers.Items[i].ID), Capability: &offers.Items[i], Org: org})
		}
	}
	return nil
}

// pairs keeps, for each two parties, the best pair of what they bring, told in
// both languages.
func (b *brought) pairs(ctx context.Context, matcher Pairing) (map[pair]scene.FairWhy, error) {
	best := map[pair]scene.FairWhy{}
	if len(b.needs) == 0 || len(b.offers) == 0 {
		return best, nil
	}
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		rankings, err := matcher.Pairs(ctx, b.needs, b.offers, pairsAsked, lang)
		if err != nil {
			return nil, err
		}
		for i := range rankings {
			for j := range rankings[i].Matches {
				b.keep(best, scene.ID(b.needs[i].Label), &rankings[i].Matches[j], lang)
			}
		}
	}
	return best, nil
}

func (b *brought) keep(best map[pair]scene.FairWhy, need scene.ID, m *match.Match, lang locale.Lang) {
	offer := scene.ID(m.Offer.Code)
	from, to := b.owner[need], b.owner[offer]
	if from == "" || to == "" || from == to {
		return
	}
	key := pairOf(from, to)
	why, there := best[key]
	same := there && why.Need == need && why.Offer == offer
	if !same && (lang != locale.Zh || there && why.Score >= m.Reciprocal.Both) {
		return
	}
	if !same {
		why = scene.FairWhy{Score: m.Reciprocal.Both, Need: need, Offer: offer, NeedBy: from, Reason: map[string]string{}, Ask: map[string][]string{}}
	}
	why.Reason[string(lang)] = m.Reason
	var ask []string
	for _, g := range m.Gaps {
		if len(ask) < 3 && g.Advice != "" {
			ask = append(ask, g.Advice)
		}
	}
	why.Ask[string(lang)] = ask
	best[key] = why
}
