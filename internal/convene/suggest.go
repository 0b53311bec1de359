package convene

import (
	"cmp"
	"context"
	"fmt"
	"maps"
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
	listingsEach   = 10 // of each kind, of an organisation that names none itself
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
	of    map[scene.ID][]pair // those of a party, the best first
	first map[scene.ID]firsts
	err   error
	// before is what it said before, until this is there; under the lock of the service.
	before *suggested
}

// firsts are the first need and the first offer that a party brings, "" for none.
type firsts struct{ need, offer scene.ID }

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

// Suggestions returns whom a party should meet, the best first and those whom it
// met at an earlier fair last, leaving out those it spoke about itself: everybody
// gets some, also who never said a word.
// pending says that the matcher is still at work; a page then offers to look again.
func (s *Service) Suggestions(ctx context.Context, fair scene.ID, party scene.ID, top int) (list []Suggestion, pending bool, err error) {
	if s.pairing == nil {
		return nil, false, nil
	}
	b, err := s.Board(ctx, fair)
	if err != nil {
		return nil, false, err
	}
	own := b.Parties[party]
	held, pending := s.lately(ctx, b, b.patience(s.now()))
	if own == nil || held == nil {
		return nil, pending, nil
	}
	met, err := s.Before(ctx, b)
	if err != nil {
		return nil, pending, err
	}
	var again []Suggestion
	for _, key := range held.of[party] {
		if len(list) == top || held.pairs[key].Score < leastSuggested {
			break
		}
		x, fits := b.suggestion(own, key, held.pairs[key])
		if !fits {
			continue
		}
		if e, there := met.Between(party, x.Party); there {
			x.Why.Met = e.Title
			again = append(again, x)
		} else {
			list = append(list, x)
		}
	}
	return append(list, again[:min(len(again), top-len(list))]...), pending, nil
}

// suggestion is the other party of a pair, unless own spoke about it, it takes no
// part, or it does not want to meet own: nobody learns of that.
func (b *Board) suggestion(own *scene.FairParty, key pair, why scene.FairWhy) (Suggestion, bool) {
	other := key.a
	if other == own.ID {
		other = key.b
	}
	p := b.Parties[other]
	if _, said := own.Wish(other); said || p == nil || p.State != scene.PartyAccepted {
		return Suggestion{}, false
	}
	w, _ := p.Wish(own.ID)
	if w.Kind == scene.WishNever {
		return Suggestion{}, false
	}
	return Suggestion{Party: other, Why: why, Asked: w.Kind}, true
}

// list are the parties of a board in order of ID.
func (b *Board) list() []scene.FairParty {
	list := make([]scene.FairParty, 0, len(b.Parties))
	for _, p := range b.Parties {
		list = append(list, *p)
	}
	slices.SortFunc(list, func(x, y scene.FairParty) int { return cmp.Compare(x.ID, y.ID) })
	return list
}

// pairs returns what the matcher says of all pairs of the parties of a fair,
// waiting for it as long as given, with who met before: that is read also where
// ctx ended meanwhile.
func (s *Service) pairs(ctx context.Context, b *base, wait time.Duration) (map[pair]scene.FairWhy, error) {
	held, _ := s.compared(ctx, b.fair.ID, printOf(b.parties), func() []scene.FairParty { return b.parties }, wait)
	if held == nil {
		return s.marked(s.alive, b, nil)
	}
	return s.marked(s.alive, b, held.pairs)
}

// patience is how long a page waits for the matcher where that said nothing of what is
// brought: on the day hardly, for then every phone loads it when somebody walks in.
func (b *Board) patience(now time.Time) time.Duration {
	if now.Before(b.Fair.Start()) {
		return suggestionWait
	}
	return topicWait
}

// lately is compared for pages, which are loaded all the time on the day: what the matcher
// said of the same parties and entries serves at once while it looks again, and is not
// pending, unless it is twice as old as that.
func (s *Service) lately(ctx context.Context, b *Board, wait time.Duration) (said *suggested, pending bool) {
	said, pending = s.compared(ctx, b.Fair.ID, b.brings, b.list, 0)
	if pending && said != nil && said.print == b.brings && s.now().Sub(said.made) < 2*suggestionLife {
		return said, false
	}
	if pending {
		return s.compared(ctx, b.Fair.ID, b.brings, b.list, wait)
	}
	return said, pending
}

// compared returns what the matcher says of what is brought to a fair, waiting for
// it as long as given; what it said before serves meanwhile, nil for nothing. mark
// is printOf the parties, which are asked for only where it changed.
func (s *Service) compared(ctx context.Context, fair scene.ID, mark string, parties func() []scene.FairParty, wait time.Duration) (said *suggested, pending bool) {
	if s.pairing == nil {
		return nil, false
	}
	now := s.now()
	s.mu.Lock()
	held := s.known[fair]
	old := held
	if held != nil && !held.ready() {
		old = held.before
	}
	if held == nil || held.ready() && (held.print != mark || held.err != nil || now.Sub(held.made) > suggestionLife) {
		held = &suggested{print: mark, made: now, done: make(chan struct{}), before: old}
		s.known[fair] = held
		list := parties()
		s.work.Go(func() { s.compare(fair, held, list) })
	}
	s.mu.Unlock()
	if held.ready() {
		return held, false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-held.done:
		return held, false
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
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		into.before = nil
		close(into.done)
	}()
	var b brought
	if into.err = s.store.View(s.alive, func(tx store.Tx) error { return b.read(s.alive, tx, parties, s.now()) }); into.err == nil {
		into.pairs, into.err = b.pairs(s.alive, s.pairing)
	}
	into.of, into.first = byParty(into.pairs), b.firsts()
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
	*b = brought{owner: map[scene.ID]scene.ID{}}
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

// ofParty adds the listings that a party brings.
func (b *brought) ofParty(ctx context.Context, tx store.Tx, p *scene.FairParty, org scene.Organisation, at time.Time) error {
	needs, err := bringing(ctx, tx.Opportunities(), scene.KindOpportunity, p, at, func(o *scene.Opportunity) *scene.Listing { return &o.Listing })
	if err != nil {
		return err
	}
	offers, err := bringing(ctx, tx.Capabilities(), scene.KindCapability, p, at, func(c *scene.Capability) *scene.Listing { return &c.Listing })
	if err != nil {
		return err
	}
	for i := range needs {
		b.owner[needs[i].ID] = p.ID
		b.needs = append(b.needs, scene.Row{Label: string(needs[i].ID), Opportunity: &needs[i], Org: org})
	}
	for i := range offers {
		b.owner[offers[i].ID] = p.ID
		b.offers = append(b.offers, scene.Row{Label: string(offers[i].ID), Capability: &offers[i], Org: org})
	}
	return nil
}

// bringing are the listings of a kind that a party names, or else, where it names
// none at all, the first of its organisation; in order of ID. Only those that are
// open count: what is held back until a release is told to nobody.
func bringing[T any](ctx context.Context, table store.Listings[T], kind scene.Kind, p *scene.FairParty, at time.Time, listing func(*T) *scene.Listing) ([]T, error) {
	if len(p.Listings) == 0 {
		first, err := table.List(ctx, store.ListingFilter{OrgID: p.OrgID, OpenAt: at}, store.Page{Limit: listingsEach})
		return first.Items, err
	}
	return opened(ctx, table, kind, p.OrgID, p.Listings, at, listing)
}

// opened are those of the named listings that are of a kind, of the organisation and
// open, in order of ID.
func opened[T any](ctx context.Context, table store.Listings[T], kind scene.Kind, org scene.ID, named []scene.FairListing, at time.Time, listing func(*T) *scene.Listing) ([]T, error) {
	var ids []scene.ID
	for _, l := range named {
		if l.Kind == kind {
			ids = append(ids, l.ID)
		}
	}
	rows, err := table.GetMany(ctx, ids)
	rows = slices.DeleteFunc(rows, func(x T) bool { l := listing(&x); return l.OrgID != org || !l.Open(at) })
	slices.SortFunc(rows, func(x, y T) int { return cmp.Compare(listing(&x).ID, listing(&y).ID) })
	return rows, err
}

// firsts are the first entries of each party.
func (b *brought) firsts() map[scene.ID]firsts {
	all := map[scene.ID]firsts{}
	for i := len(b.needs) - 1; i >= 0; i-- {
		need := b.needs[i].Opportunity.ID
		all[b.owner[need]] = firsts{need: need}
	}
	for i := len(b.offers) - 1; i >= 0; i-- {
		offer := b.offers[i].Capability.ID
		x := all[b.owner[offer]]
		x.offer = offer
		all[b.owner[offer]] = x
	}
	return all
}

// pairs keeps, for each two parties, the best pair of what they bring, told in
// both languages where no known condition rules it out.
func (b *brought) pairs(ctx context.Context, matcher Pairing) (map[pair]scene.FairWhy, error) {
	best := map[pair]scene.FairWhy{}
	if len(b.needs) == 0 || len(b.offers) == 0 {
		return best, nil
	}
	rankings, err := matcher.Pairs(ctx, b.needs, b.offers, pairsAsked)
	if err != nil {
		return nil, err
	}
	for i := range rankings {
		for j := range rankings[i].Matches {
			b.keep(best, scene.ID(b.needs[i].Label), &rankings[i].Matches[j])
		}
	}
	b.ruledOut(best, rankings)
	return best, nil
}

// ruledOut adds the two parties of whose entries known conditions rule out every pair, with
// the one that would be best without: worth nothing to suggest or to plan by, and still what
// the two talk about if they meet.
func (b *brought) ruledOut(best map[pair]scene.FairWhy, rankings []match.Ranking) {
	out := map[pair]scene.FairWhy{}
	score := map[pair]float64{}
	for i := range rankings {
		need := scene.ID(b.needs[i].Label)
		for _, x := range rankings[i].Excluded {
			offer := scene.ID(x.Offer.Code)
			from, to := b.owner[need], b.owner[offer]
			key := pairOf(from, to)
			if _, there := best[key]; there || from == "" || to == "" || from == to || x.Both <= score[key] {
				continue
			}
			score[key] = x.Both
			out[key] = scene.FairWhy{Need: need, Offer: offer, NeedBy: from, Fits: x.Both >= leastFitting}
		}
	}
	maps.Copy(best, out)
}

// byParty lists the pairs of each party, the best first.
func byParty(pairs map[pair]scene.FairWhy) map[scene.ID][]pair {
	of := map[scene.ID][]pair{}
	for key := range pairs {
		of[key.a] = append(of[key.a], key)
		of[key.b] = append(of[key.b], key)
	}
	for _, list := range of {
		slices.SortFunc(list, func(x, y pair) int {
			return cmp.Or(-cmp.Compare(pairs[x].Score, pairs[y].Score), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
		})
	}
	return of
}

func (b *brought) keep(best map[pair]scene.FairWhy, need scene.ID, m *match.Match) {
	offer := scene.ID(m.Offer.Code)
	from, to := b.owner[need], b.owner[offer]
	if from == "" || to == "" || from == to {
		return
	}
	key := pairOf(from, to)
	if why, there := best[key]; there && why.Score >= m.Reciprocal.Both {
		return
	}
	why := scene.FairWhy{Score: m.Reciprocal.Both, Need: need, Offer: offer, NeedBy: from, Fits: m.Reciprocal.Both >= leastFitting, Reason: map[string]string{}, Ask: map[string][]string{}}
	say := func(lang locale.Lang, reason string, gaps []match.Gap) {
		var ask []string
		for _, g := range gaps {
			if len(ask) < 3 && g.Advice != "" {
				ask = append(ask, g.Advice)
			}
		}
		why.Reason[string(lang)], why.Ask[string(lang)] = reason, ask
	}
	say(locale.Zh, m.Reason, m.Gaps)
	if m.Also != nil {
		say(locale.En, m.Also.Reason, m.Also.Gaps)
	}
	best[key] = why
}
