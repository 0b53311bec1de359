package convene_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/engage"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

// hall is a service on a store of its own, with a clock that a test moves.
type hall struct {
	*convene.Service
	t    *testing.T
	rows store.Store
	ids  *scene.IDMaker

	config convene.Config

	mu   sync.Mutex
	at   time.Time
	from time.Time // of the machine's clock, where that of the hall runs
}

// morning is the day before the fairs of the tests.
func morning() time.Time { return time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC) }

func newHall(t *testing.T, pairing convene.Pairing) *hall {
	t.Helper()
	return newHallWith(t, pairing, false)
}

// newHallWith is newHall; docking has what is agreed become cases.
func newHallWith(t *testing.T, pairing convene.Pairing, docking bool) *hall {
	t.Helper()
	rows, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "rows.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := &hall{t: t, rows: rows, at: morning()}
	h.ids = scene.NewIDMaker(h.now, rand.Reader)
	c := convene.Config{Store: rows, IDs: h.ids, Now: h.now, Random: rand.Reader, Pairing: pairing, Log: slog.New(slog.DiscardHandler)}
	if docking {
		c.Docking = engage.New(rows, h.ids, h.now)
	}
	h.config = c
	h.Service = convene.New(c)
	t.Cleanup(func() {
		h.Close()
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// mail gives the service a mail server, or none, and an address of its own.
func (h *hall) mail(server convene.Mailer, address string) {
	h.Close()
	h.config.Mailer = server
	h.config.Link = func(path string) string {
		if address == "" {
			return ""
		}
		return address + path
	}
	h.Service = convene.New(h.config)
}

func (h *hall) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.from.IsZero() {
		return h.at.Add(time.Since(h.from))
	}
	return h.at
}

// live has the clock of the hall run.
func (h *hall) live() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.from = time.Now()
}

func (h *hall) setNow(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = at
}

func steward() scene.Actor {
	return scene.Actor{ID: "steward", Name: "steward", Roles: []scene.Role{scene.RoleSteward}}
}

func ofOrg(org scene.ID) scene.Actor {
	return scene.Actor{ID: "acc-" + org, Name: "acc", OrgID: org, Roles: []scene.Role{scene.RoleProvider}}
}

// morningFair is six slots of twenty minutes at three tables, the day after.
func morningFair(t *testing.T) scene.Fair {
	t.Helper()
	blocks, err := convene.ReadProgramme(morning().AddDate(0, 0, 1), "09:00-09:30 开幕 致辞\n09:30-11:30 一对一\n11:30-12:00 签约")
	if err != nil {
		t.Fatal(err)
	}
	return scene.Fair{
		Title: "智慧水务对接会", Mode: scene.FairOrganiser, Blocks: blocks, Halls: []scene.FairHall{{ID: "A", Tables: 3}},
		Minutes: 20, Min: 1, Max: 4, MaxOpen: 10, MaxMusts: 2,
	}
}

func (h *hall) fair(change ...func(*scene.Fair)) scene.Fair {
	h.t.Helper()
	f := morningFair(h.t)
	for _, fn := range change {
		fn(&f)
	}
	f, err := h.Create(h.t.Context(), steward(), f)
	if err != nil {
		h.t.Fatal(err)
	}
	if f, err = h.Bring(h.t.Context(), steward(), f.ID, scene.FairOpen); err != nil {
		h.t.Fatal(err)
	}
	return f
}

func (h *hall) org(id scene.ID, name string) {
	h.t.Helper()
	err := h.rows.Update(h.t.Context(), func(tx store.Tx) error {
		_, err := tx.Organisations().Put(h.t.Context(), scene.Organisation{ID: id, Name: name})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// guests adds n parties by name, with one delegate each.
func (h *hall) guests(fair scene.ID, n int) []scene.FairParty {
	h.t.Helper()
	var list []scene.FairParty
	for i := range n {
		p, err := h.Join(h.t.Context(), steward(), fair, "", convene.PartyForm{
			Name: fmt.Sprintf("公司%02d", i), Delegates: []scene.Delegate{{Name: fmt.Sprintf("代表%02d", i), Mail: fmt.Sprintf("d%02d@example.com", i)}},
		})
		if err != nil {
			h.t.Fatal(err)
		}
		list = append(list, p)
	}
	return list
}

// wish has a party want, by its personal link.
func (h *hall) wish(p scene.FairParty, kind scene.FairWishKind, to ...scene.FairParty) {
	h.t.Helper()
	var wishes []convene.Wish
	for _, x := range to {
		wishes = append(wishes, convene.Wish{To: x.ID, Kind: kind})
	}
	if _, err := h.WishAsGuest(h.t.Context(), p.Delegates[0].Code, "192.0.2.1", wishes); err != nil {
		h.t.Fatal(err)
	}
}

// plan makes a draft and publishes it.
func (h *hall) plan(fair scene.ID) *convene.Version {
	h.t.Helper()
	d := h.draft(fair)
	v, err := h.Publish(h.t.Context(), steward(), fair, d.Row.Revision, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

func (h *hall) draft(fair scene.ID) *convene.Version {
	h.t.Helper()
	if err := h.Plan(h.t.Context(), steward(), fair, time.Minute); err != nil {
		h.t.Fatal(err)
	}
	h.Await(h.t.Context(), fair)
	if w := h.Working(fair); w.Err != nil || w.Running {
		h.t.Fatalf("planning: %+v", w)
	}
	d, err := h.Draft(h.t.Context(), steward(), fair)
	if err != nil || d == nil {
		h.t.Fatalf("no draft: %v", err)
	}
	return d
}

// paired is a matcher that finds every need and offer a good match.
type paired struct{ score float64 }

// Pairs ranks all offers for each need alike.
func (p paired) Pairs(_ context.Context, needs, offers []scene.Row, _ int) ([]match.Ranking, error) {
	out := make([]match.Ranking, len(needs))
	gaps := func(lang string) []match.Gap {
		return []match.Gap{{Clause: "budget", Status: "unknown", Advice: "ask " + lang}}
	}
	for i := range needs {
		for k := range offers {
			out[i].Matches = append(out[i].Matches, match.Match{
				Offer: match.Ref{Code: offers[k].Label}, Reason: "reason zh", Gaps: gaps("zh"),
				Also: &match.Said{Reason: "reason en", Gaps: gaps("en")}, Reciprocal: match.Reciprocal{Both: p.score},
			})
		}
	}
	return out, nil
}

func contains(text string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// owners adds n organisations that bring an opportunity and a capability each.
func (h *hall) owners(fair scene.ID, n int) []scene.FairParty {
	h.t.Helper()
	var list []scene.FairParty
	for i := range n {
		id := scene.ID(fmt.Sprint("org", i))
		h.org(id, fmt.Sprint("单位", i))
		err := h.rows.Update(h.t.Context(), func(tx store.Tx) error {
			need := scene.Listing{ID: "need-" + id, Name: "需求" + string(id), OrgID: id, State: scene.Published}
			offer := scene.Listing{ID: "offer-" + id, Name: "能力" + string(id), OrgID: id, State: scene.Published}
			if _, err := tx.Opportunities().Put(h.t.Context(), scene.Opportunity{Listing: need}); err != nil {
				return err
			}
			_, err := tx.Capabilities().Put(h.t.Context(), scene.Capability{Listing: offer})
			return err
		})
		if err != nil {
			h.t.Fatal(err)
		}
		p, err := h.Join(h.t.Context(), steward(), fair, id, convene.PartyForm{Delegates: []scene.Delegate{{Name: "代表"}}})
		if err != nil {
			h.t.Fatal(err)
		}
		list = append(list, p)
	}
	return list
}
