package app_test

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/engage"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestUser makes and changes accounts as the command line does, through the
// socket of a running server.
func TestUser(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	start(t, testConfig(dir), true)
	client, err := app.Dial(t.Context(), dir)
	if err != nil || client == nil {
		t.Fatalf("no server: %v", err)
	}
	ask := func(r app.UserRequest) (app.UserReport, error) { return client.User(t.Context(), r) }
	first, err := ask(app.UserRequest{Do: "add", Login: "Admin", Name: "王管理", Roles: []scene.Role{scene.RoleAdmin}})
	if err != nil || len(first.Password) != 23 || !first.Accounts[0].MustChange {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := ask(app.UserRequest{Do: "reset", Login: "admin"})
	if err != nil || again.Password == "" || again.Password == first.Password {
		t.Errorf("reset: %+v, %v", again, err)
	}
	for name, tt := range map[string]struct {
		r    app.UserRequest
		code scene.Code
	}{
		"Taken":     {app.UserRequest{Do: "add", Login: "admin", Name: "x", Roles: []scene.Role{scene.RoleLeader}}, scene.Conflict},
		"NoOrg":     {app.UserRequest{Do: "add", Login: "zhang", Name: "x", Roles: []scene.Role{scene.RoleProvider}, Org: "没有这家公司"}, scene.NotFound},
		"Nobody":    {app.UserRequest{Do: "disable", Login: "nobody"}, scene.NotFound},
		"LastAdmin": {app.UserRequest{Do: "disable", Login: "admin"}, scene.Precondition},
		"What":      {app.UserRequest{Do: "crown", Login: "admin"}, scene.Invalid},
		"Roles":     {app.UserRequest{Do: "roles", Login: "admin", Roles: []scene.Role{scene.RoleAdmin, scene.RoleLeader}}, ""},
	} {
		if _, err := ask(tt.r); scene.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want %s", name, err, tt.code)
		}
	}
	if list, err := ask(app.UserRequest{Do: "list"}); err != nil || len(list.Accounts) != 1 || len(list.Accounts[0].Roles) != 2 {
		t.Errorf("list: %+v, %v", list, err)
	}
}

// TestDemoAccounts: one throw-away account for each role, made once.
func TestDemoAccounts(t *testing.T) {
	t.Parallel()
	options := testOptions(io.Discard)
	options.Demo = true
	a, err := app.Open(t.Context(), testConfig(t.TempDir()), options)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close(t.Context()) }()
	if err := a.LoadSampleCity(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := a.DemoAccounts(t.Context())
	if err != nil || len(list) != len(scene.Roles()) {
		t.Fatalf("%d accounts, %v", len(list), err)
	}
	passwords := map[string]bool{}
	for _, d := range list {
		passwords[d.Password] = true
	}
	if len(passwords) != len(list) || slices.Contains(list, app.DemoAccount{}) {
		t.Error("passwords are shared")
	}
	queue, total, err := a.Registry().Queue(t.Context(), importer())
	if err != nil || total < 4 || len(queue) != total {
		t.Errorf("%d wait for review, %v", total, err)
	}
	states := map[scene.State]bool{}
	for _, e := range queue {
		states[e.Listing().State] = true
	}
	if len(states) < 3 {
		t.Errorf("they wait in %v", states)
	}
	if open, err := a.Registry().Proposals(t.Context(), importer()); err != nil || len(open) != 1 {
		t.Errorf("%d revisions are proposed, %v", len(open), err)
	}
	demoStages(t, a)
	demoEvents(t, a)
	demoAttendee(t, a)
	if token, err := a.DemoToken(t.Context()); err != nil || !strings.HasPrefix(token, "jinghe_") {
		t.Errorf("its token is %q, %v", token, err)
	}
	if again, err := a.DemoAccounts(t.Context()); len(again) != 0 || err != nil {
		t.Errorf("made again: %+v, %v", again, err)
	}
}

// demoStages: pairs of the demo stand at every stage that lasts, the further the
// fewer; their histories run forward, over days, and end before now.
func demoStages(t *testing.T, a *app.App) {
	t.Helper()
	rows, err := a.Engagements().List(t.Context(), stewardActor(), engage.Filter{}, store.Page{Limit: store.MaxPage})
	if err != nil {
		t.Fatal(err)
	}
	now, counts, late := time.Now(), map[scene.Stage]int{}, 0
	for i := range rows.Items {
		e := &rows.Items[i]
		counts[e.Stage]++
		if e.Stage.Docked() && !e.Next.Known() || e.Stage == scene.StageContract && e.Outcome.Amount <= 0 {
			t.Errorf("%s: %s with %+v, %+v", e.ID, e.Stage, e.Next, e.Outcome)
		}
		if e.Next.Late(now) {
			late++
		}
		k, err := a.Engagements().Get(t.Context(), stewardActor(), e.ID)
		if err != nil || len(k.Entries) == 0 || k.Entries[0].At.Before(e.Created) || e.Updated.After(now) {
			t.Fatalf("%s: %d lines, made %s, changed %s, %v", e.ID, len(k.Entries), e.Created, e.Updated, err)
		}
		if !slices.IsSortedFunc(k.Entries, func(x, y scene.EngagementEntry) int { return x.At.Compare(y.At) }) {
			t.Errorf("%s: its history does not run forward", e.ID)
		}
		if took := e.Moved.Sub(e.Created); e.Stage == scene.StageLanded && took < 14*24*time.Hour {
			t.Errorf("%s: in use after %s", e.ID, took)
		}
	}
	for _, stage := range scene.Stages() {
		if stage != scene.StageMutual && counts[stage] == 0 { // passed at once
			t.Errorf("no pair stands at %s: %v", stage, counts)
		}
	}
	if counts[scene.StageReplicated] > counts[scene.StageLanded] || counts[scene.StageLanded] > counts[scene.StagePilot] || late == 0 || late > len(rows.Items)/4 {
		t.Errorf("%v, %d late", counts, late)
	}
}

// demoEvents: one event of the demo was held, and says what came of it; another
// takes wishes and sign-ups for its visits; where the hour allows one is on.
func demoEvents(t *testing.T, a *app.App) {
	t.Helper()
	list, err := a.Fairs().Fairs(t.Context(), stewardActor())
	if err != nil || len(list) < 2 || len(list) > 3 || list[0].State != scene.FairOpen || list[len(list)-1].State != scene.FairOver {
		t.Fatalf("%d events, %v", len(list), err)
	}
	if len(list) == 3 {
		today, err := a.Fairs().Report(t.Context(), stewardActor(), list[1].ID)
		if err != nil || list[1].State != scene.FairClosed || today.Planned == 0 || today.Arrived == 0 || today.Held > 0 {
			t.Errorf("today: %s, %d planned, %d arrived, %d held, %v", list[1].State, today.Planned, today.Arrived, today.Held, err)
		}
	}
	for _, f := range list {
		board, err := a.Fairs().Board(t.Context(), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		for id := range board.Parties {
			for _, x := range board.LeftOut(id) {
				if x.Later {
					t.Errorf("%s: %s wished for %s after it was planned", f.Title, board.Name(id), board.Name(x.To))
				}
			}
		}
	}
	list = []scene.Fair{list[0], list[len(list)-1]}
	board, err := a.Fairs().Board(t.Context(), list[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	waits := 0
	for _, act := range board.Seatable() {
		_, waiting := board.Seats(&act.FairAct)
		waits += len(waiting)
	}
	if waits == 0 || len(board.Unconfirmed()) == 0 {
		t.Errorf("nobody waits for a place (%d), or for an answer (%d)", waits, len(board.Unconfirmed()))
	}
	coming, err := a.Fairs().Report(t.Context(), stewardActor(), list[0].ID)
	if err != nil || coming.Wished == 0 || coming.Planned != 0 {
		t.Errorf("coming: %d wished, %d planned, %v", coming.Wished, coming.Planned, err)
	}
	held, err := a.Fairs().Report(t.Context(), stewardActor(), list[1].ID)
	if err != nil || held.Held < held.Planned/2 || held.Held == held.Planned || held.Intents == 0 || held.Arrived == held.Joined {
		t.Errorf("held: %d of %d, %d intents, %d of %d came, %v", held.Held, held.Planned, held.Intents, held.Arrived, held.Joined, err)
	}
}

// demoAttendee: the attendee of the demo goes to every event of it, and has a page for the
// first that is not over.
func demoAttendee(t *testing.T, a *app.App) {
	t.Helper()
	guest, err := a.Accounts().Find(t.Context(), scene.Console(), string(scene.RoleAttendee))
	if err != nil {
		t.Fatal(err)
	}
	links, err := a.Fairs().Links(t.Context(), &guest)
	all, failed := a.Fairs().Fairs(t.Context(), scene.Actor{})
	if err != nil || failed != nil || len(links) != len(all) || links[len(links)-1].Fair.State != scene.FairOver {
		t.Fatalf("%d links to %d events, %v, %v", len(links), len(all), err, failed)
	}
	if page, err := a.DemoPage(t.Context()); err != nil || !strings.HasSuffix(page, "/e/"+links[0].Delegate.Code) {
		t.Errorf("its page is %q, %v", page, err)
	}
}
