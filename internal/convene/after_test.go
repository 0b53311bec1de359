package convene_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/engage"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// met is a fair of four organisations whose meetings are published, after its end.
func met(t *testing.T) (*hall, scene.Fair, []scene.FairParty, []agenda.Seat) {
	t.Helper()
	h := newHallWith(t, paired{0.8}, true)
	f := h.fair(func(f *scene.Fair) { f.Min = 0 })
	p := h.owners(f.ID, 4)
	h.people(p)
	h.wish(p[0], scene.WishWant, p[1])
	h.wish(p[2], scene.WishWant, p[3])
	v := h.plan(f.ID)
	h.setNow(f.End().Add(-time.Minute))
	return h, f, p, v.Plan.Meetings
}

// says enters what a side of a meeting says.
func (h *hall) says(f scene.Fair, p scene.FairParty, meeting, key string, o scene.FairOutcome) {
	h.t.Helper()
	e := scene.FairEntry{FairID: f.ID, Key: "outcome-" + key, Kind: scene.EntryOutcome, Party: p.ID, Meeting: meeting, Outcome: &o}
	if _, err := h.Enter(h.t.Context(), steward(), e); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) follow() {
	h.t.Helper()
	if err := h.FollowUp(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) engagements() []scene.Engagement {
	h.t.Helper()
	var rows store.Rows[scene.Engagement]
	err := h.rows.View(h.t.Context(), func(tx store.Tx) (err error) {
		rows, err = tx.Engagements().List(h.t.Context(), store.EngagementFilter{}, store.Page{Limit: store.MaxPage})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return rows.Items
}

// between is the meeting of two parties.
func between(t *testing.T, seats []agenda.Seat, a, b scene.FairParty) string {
	t.Helper()
	i := slices.IndexFunc(seats, func(s agenda.Seat) bool {
		return slices.Contains(s.Parties, string(a.ID)) && slices.Contains(s.Parties, string(b.ID))
	})
	if i < 0 {
		t.Fatal("the two do not meet")
	}
	return seats[i].ID
}

// TestNextStepsBecomeCases: a meeting with a next step is worked on, once, by an
// owner and until a day; one that a side denies, or without a step, is not.
func TestNextStepsBecomeCases(t *testing.T) {
	t.Parallel()
	h, f, p, seats := met(t)
	first, second := between(t, seats, p[0], p[1]), between(t, seats, p[2], p[3])
	h.says(f, p[0], first, "a1", scene.FairOutcome{Held: true, Worth: 3, Next: scene.NextTalk})
	h.says(f, p[2], second, "c1", scene.FairOutcome{Held: true, Worth: 3, Next: scene.NextPilot})
	h.says(f, p[3], second, "d1", scene.FairOutcome{Held: false})
	for range 2 { // the second time finds it done
		h.follow()
	}
	list := h.engagements()
	if len(list) != 1 {
		t.Fatalf("%d engagements", len(list))
	}
	e := list[0]
	if e.Stage != scene.StageDocking || e.Owner.Says != scene.Accepted || e.Provider.Says != scene.Accepted || e.Revealed() {
		t.Errorf("engagement %+v", e)
	}
	if want := scene.EndOfDay(f.End().AddDate(0, 0, 7)); e.Next.Party != scene.PartyProvider || !e.Next.Due.Equal(want) {
		t.Errorf("next action %+v, want due %v", e.Next, want)
	}
	h.setNow(f.End().Add(time.Minute))
	h.says(f, p[1], first, "b1", scene.FairOutcome{Held: true, Worth: 3, Next: scene.NextPilot})
	h.follow()
	if e = h.engagements()[0]; e.Next.Party != scene.PartyOwner || e.Stage != scene.StageDocking {
		t.Errorf("a larger step left %+v", e.Next)
	}
	h.says(f, p[1], first, "b2", scene.FairOutcome{Held: true, Worth: 3, Next: scene.NextTalk})
	h.follow()
	if again := h.engagements()[0]; again.Revision != e.Revision {
		t.Error("a smaller step changed the case")
	}
	r, err := h.Report(t.Context(), steward(), f.ID)
	if err != nil || len(r.Cases) != 1 || r.Docked() != 1 || r.Cases[0].Case.Next != scene.NextPilot {
		t.Errorf("report %+v, %v", r.Cases, err)
	}
}

// TestOneSideProposes: a step that the other side does not name is told as proposed, and as
// agreed once the other names it too, without a new day.
func TestOneSideProposes(t *testing.T) {
	t.Parallel()
	h, f, p, seats := met(t)
	m := between(t, seats, p[0], p[1])
	h.says(f, p[0], m, "a1", scene.FairOutcome{Held: true, Worth: 3, Next: scene.NextVisit})
	h.says(f, p[1], m, "b1", scene.FairOutcome{Held: true, Worth: 2, Next: scene.NextNone})
	h.follow()
	told := map[string]int{}
	for _, list := range h.inboxes() {
		for _, x := range list {
			told[x.Key]++
		}
	}
	if told["engagement.told.dock.alone"] != 2 || told["engagement.told.dock"] != 0 {
		t.Errorf("told %v", told)
	}
	history := func() (texts []string) {
		h.t.Helper()
		err := h.rows.View(t.Context(), func(tx store.Tx) error {
			rows, err := tx.Engagements().Entries(t.Context(), h.engagements()[0].ID)
			for i := range rows {
				texts = append(texts, rows[i].Text)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return texts
	}
	const proposed, agreed = "一方提出：安排实地考察，待对方确认", "会面后约定：安排实地考察"
	if got := strings.Join(history(), "\n"); !strings.Contains(got, proposed) || strings.Contains(got, agreed) {
		t.Errorf("proposed by one side: %s", got)
	}
	due := h.engagements()[0].Next.Due
	h.setNow(f.End().AddDate(0, 0, 1))
	h.says(f, p[1], m, "b2", scene.FairOutcome{Held: true, Worth: 2, Next: scene.NextVisit})
	for range 2 {
		h.follow()
	}
	if got := strings.Join(history(), "\n"); strings.Count(got, agreed) != 1 || !h.engagements()[0].Next.Due.Equal(due) {
		t.Errorf("confirmed: %s, due %v, want %v", got, h.engagements()[0].Next.Due, due)
	}
}

// TestCasesAreAskedAbout: both sides and the centre after 7, 30 and 90 days, each
// once; nobody once the pair came to an end.
func TestCasesAreAskedAbout(t *testing.T) {
	t.Parallel()
	h, f, p, seats := met(t)
	for i, k := range [][2]int{{0, 1}, {2, 3}} {
		h.says(f, p[k[0]], between(t, seats, p[k[0]], p[k[1]]), string(rune('a'+i)), scene.FairOutcome{Held: true, Worth: 3, Next: scene.NextVisit})
	}
	h.follow()
	asked := func() int {
		n := 0
		for _, list := range h.inboxes() {
			for _, x := range list {
				if x.Key == "fair.told.follow" {
					n++
				}
			}
		}
		return n
	}
	for _, step := range []struct {
		days, want int
		stop       bool
	}{{6, 0, false}, {7, 4, false}, {8, 4, false}, {30, 6, true}, {95, 8, false}, {200, 8, false}} {
		h.setNow(f.End().AddDate(0, 0, step.days).Add(time.Hour))
		if step.stop {
			h.stop(h.engagements()[0])
		}
		h.follow()
		if got := asked(); got != step.want {
			t.Errorf("after %d days: %d were asked, want %d", step.days, got, step.want)
		}
	}
}

// stop ends a pair as the centre.
func (h *hall) stop(e scene.Engagement) {
	h.t.Helper()
	pairs := engage.New(h.rows, h.ids, h.now)
	if _, err := pairs.Stop(h.t.Context(), steward(), engage.Answer{ID: e.ID, Revision: e.Revision, Reason: scene.StopBudget}); err != nil {
		h.t.Fatal(err)
	}
}

// TestCasesThatCannotBe: parties by name alone have no pair; the report says why.
func TestCasesThatCannotBe(t *testing.T) {
	t.Parallel()
	h := newHallWith(t, nil, true)
	f := h.fair(func(f *scene.Fair) { f.Min = 0 })
	p := h.guests(f.ID, 2)
	h.wish(p[0], scene.WishWant, p[1])
	v := h.plan(f.ID)
	h.setNow(f.End())
	h.says(f, p[0], v.Plan.Meetings[0].ID, "a1", scene.FairOutcome{Held: true, Next: scene.NextContract})
	h.follow()
	r, err := h.Report(t.Context(), steward(), f.ID)
	if err != nil || len(r.Cases) != 1 || r.Cases[0].Case.Why != "fair.case.no_org" || r.Docked() != 0 || len(h.engagements()) != 0 {
		t.Errorf("report %+v, %v", r.Cases, err)
	}
}

// TestOutcomesTeach: what both sides say of a pair becomes decisions that ranking
// learns from, one for each side, the last word counting.
func TestOutcomesTeach(t *testing.T) {
	t.Parallel()
	h, f, p, seats := met(t)
	first, second := between(t, seats, p[0], p[1]), between(t, seats, p[2], p[3])
	h.says(f, p[0], first, "a1", scene.FairOutcome{Held: true, Worth: 1, Next: scene.NextNone})
	h.says(f, p[0], first, "a2", scene.FairOutcome{Held: true, Worth: 3, Next: scene.NextTalk})
	h.says(f, p[1], first, "b1", scene.FairOutcome{Held: true, Worth: 1, Next: scene.NextNone})
	h.says(f, p[2], second, "c1", scene.FairOutcome{Held: true, Worth: 3, Next: scene.NextTalk})
	h.says(f, p[2], second, "c2", scene.FairOutcome{Held: false})
	var rows store.Rows[scene.Decision]
	err := h.rows.View(t.Context(), func(tx store.Tx) (err error) {
		rows, err = tx.Judgements().Decisions(t.Context(), store.Page{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	said := map[scene.Verdict]int{}
	parties := map[string]bool{}
	for _, d := range rows.Items {
		said[d.Verdict]++
		parties[d.Party] = true
	}
	if len(rows.Items) != 2 || said[scene.Met] != 1 || said[scene.Declined] != 1 || len(parties) != 2 {
		t.Errorf("decisions %+v", rows.Items)
	}
}
