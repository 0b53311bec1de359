package broker

import (
	"context"
	"runtime"
	"strconv"
	"sync"

	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// Need is an opportunity with its organisation, where one is known.
type Need struct {
	Listing *scene.Opportunity
	Org     *scene.Organisation
}

// Offer is a capability with its organisation, where one is known.
type Offer struct {
	Listing *scene.Capability
	Org     *scene.Organisation
}

// loadBatch is how many rows go into the index at a time.
const loadBatch = 2000

// LoadNeeds adds many opportunities, using every processor for the analysis.
// What was added before an error stays.
func (m *Market) LoadNeeds(ctx context.Context, needs []Need) error {
	return m.load(ctx, &m.needs, len(needs), func(i int) *match.Profile {
		return m.engine.Need(needs[i].Listing, needs[i].Org)
	})
}

// LoadOffers adds many capabilities, as LoadNeeds does.
func (m *Market) LoadOffers(ctx context.Context, offers []Offer) error {
	return m.load(ctx, &m.offers, len(offers), func(i int) *match.Profile {
		return m.engine.Offer(offers[i].Listing, offers[i].Org)
	})
}

func (m *Market) load(ctx context.Context, s *side, n int, profile func(int) *match.Profile) error {
	for from := 0; from < n; from += loadBatch {
		if err := ctx.Err(); err != nil {
			return scene.Wrap("broker.Load", err)
		}
		batch := make([]*match.Profile, min(loadBatch, n-from))
		parallel(len(batch), func(i int) { batch[i] = profile(from + i) })
		if err := m.put(ctx, s, batch, "broker.Load"); err != nil {
			return err
		}
	}
	return nil
}

// parallel calls fn for 0 to n-1 from as many goroutines as there are
// processors and returns when all are done.
func parallel(n int, fn func(int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				fn(i)
			}
		})
	}
	wg.Wait()
}

// MatchRows ranks the offers of one list for every need of another, in the
// order of the needs, without store, index or server. A row is called by its
// label. progress, if not nil, is told after each need.
func MatchRows(ctx context.Context, engine *match.Engine, needs, offers []scene.Row, o Options, progress func(done, total int)) ([]match.Ranking, error) {
	m, err := New(ctx, engine, nil)
	if err != nil {
		return nil, err
	}
	if err := m.load(ctx, &m.offers, len(offers), func(i int) *match.Profile {
		return rowProfile(engine, &offers[i], i)
	}); err != nil {
		return nil, err
	}
	if err := m.load(ctx, &m.needs, len(needs), func(i int) *match.Profile {
		return rowProfile(engine, &needs[i], i)
	}); err != nil {
		return nil, err
	}
	if err := m.Learn(ctx); err != nil {
		return nil, err
	}
	rankings := make([]match.Ranking, len(needs))
	for i := range needs {
		if rankings[i], err = m.OffersFor(ctx, rowID(i), o); err != nil {
			return nil, err
		}
		rankings[i].Need.ID = ""
		for j := range rankings[i].Matches {
			rankings[i].Matches[j].Offer.ID = ""
		}
		for j := range rankings[i].Excluded {
			rankings[i].Excluded[j].Offer.ID = ""
		}
		for _, c := range rankings[i].Changes {
			for j := range c.Offers {
				c.Offers[j].ID = ""
			}
		}
		if c := rankings[i].Consortium; c != nil {
			forget(c)
		}
		if progress != nil {
			progress(i+1, len(needs))
		}
	}
	return rankings, nil
}

// forget takes the IDs of rows from a group.
func forget(c *match.Consortium) {
	for i := range c.Members {
		c.Members[i].Offer.ID = ""
	}
	for i := range c.Clauses {
		if o := c.Clauses[i].Offer; o != nil {
			o.ID = ""
		}
	}
}

func rowID(i int) scene.ID { return scene.ID("row" + strconv.Itoa(i)) }

// rowProfile gives a row, which has no ID yet, one that ends with this match.
func rowProfile(engine *match.Engine, row *scene.Row, i int) *match.Profile {
	var p *match.Profile
	if row.Opportunity != nil {
		p = engine.Need(row.Opportunity, &row.Org)
	} else {
		p = engine.Offer(row.Capability, &row.Org)
	}
	p.Ref.ID, p.Ref.Code = rowID(i), row.Label
	return p
}
