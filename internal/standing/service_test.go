package standing_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/standing"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

// desk is a service on a store of its own, with a clock that is turned by hand.
type desk struct {
	*standing.Service
	tools
	rows  store.Store
	at    time.Time
	event int
}

func (d *desk) now() time.Time { return d.at }

func newDesk(t *testing.T) *desk {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "rows.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	d := &desk{tools: newTools(t), rows: s, at: now()}
	d.Service = d.another(t)
	for _, id := range []scene.ID{"a", "b"} {
		d.update(t, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Accounts().Put(ctx, scene.Account{ID: id, Login: string(id), Name: string(id), State: scene.AccountActive})
			return err
		})
	}
	return d
}

// another returns a second service on the same rows, as another process has one.
func (d *desk) another(t *testing.T) *standing.Service {
	t.Helper()
	service := standing.New(standing.Config{
		Store: d.rows, IDs: scene.NewIDMaker(d.now, rand.Reader), Now: d.now,
		Dictionaries: func() *scene.Dictionaries { return d.dicts },
	})
	if err := service.Use(t.Context(), d.book()); err != nil {
		t.Fatal(err)
	}
	return service
}

func (d *desk) update(t *testing.T, fn func(context.Context, store.Tx) error) {
	t.Helper()
	if err := d.rows.Update(t.Context(), func(tx store.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// provider is somebody who may keep searches.
func provider(id scene.ID) scene.Actor {
	return scene.Actor{ID: id, Name: "供方", Roles: []scene.Role{scene.RoleProvider}, OrgID: "org-" + id}
}

func (d *desk) save(t *testing.T, q scene.SavedSearch) scene.SavedSearch {
	t.Helper()
	d.at = d.at.Add(time.Minute)
	if q.Wants == "" {
		q.Wants = scene.KindCapability
	}
	if q.Name == "" {
		q.Name = q.Words
	}
	owner := q.Owner
	if owner == "" {
		owner = "a"
	}
	s, err := d.Save(t.Context(), provider(owner), q)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// offer writes a capability, at a later moment, and hands its event to the service.
func (d *desk) offer(t *testing.T, c *scene.Capability) {
	t.Helper()
	d.at = d.at.Add(time.Minute)
	c.Updated = d.at
	d.update(t, func(ctx context.Context, tx store.Tx) (err error) {
		*c, err = tx.Capabilities().Put(ctx, *c)
		return err
	})
	d.handle(t, scene.CapabilityChanged, c.ID)
}

func (d *desk) need(t *testing.T, o *scene.Opportunity) {
	t.Helper()
	d.at = d.at.Add(time.Minute)
	o.Updated = d.at
	d.update(t, func(ctx context.Context, tx store.Tx) (err error) {
		*o, err = tx.Opportunities().Put(ctx, *o)
		return err
	})
	d.handle(t, scene.OpportunityChanged, o.ID)
}

func (d *desk) handle(t *testing.T, subject string, id scene.ID) {
	t.Helper()
	d.event++
	e := scene.Event{ID: scene.ID(fmt.Sprint("e", d.event)), Subject: subject, IDs: []scene.ID{id, "gone"}}
	if err := d.Handle(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

// matched drains the outbox and returns what searches were said to have found.
func (d *desk) matched(t *testing.T, what string, want ...[]scene.ID) {
	t.Helper()
	events, err := d.rows.Outbox().Pending(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	var pairs [][]scene.ID
	var done []scene.ID
	for _, e := range events {
		if e.Subject == scene.SearchMatched {
			pairs = append(pairs, e.IDs)
		}
		done = append(done, e.ID)
	}
	if err := d.rows.Outbox().Sent(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(pairs, want, slices.Equal) {
		t.Errorf("%s: found %v, want %v", what, pairs, want)
	}
}

// notices returns the notices of an account, the earliest first.
func (d *desk) notices(t *testing.T, account scene.ID) []scene.Notice {
	t.Helper()
	var rows store.Rows[scene.Notice]
	err := d.rows.View(t.Context(), func(tx store.Tx) (err error) {
		rows, err = tx.Notices().List(t.Context(), store.NoticeFilter{Account: account}, store.Page{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(rows.Items)
	return rows.Items
}

func TestEachPairIsFoundOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	water, road := d.save(t, scene.SavedSearch{Words: "积水监测"}), d.save(t, scene.SavedSearch{Words: "路面 巡检"})
	wanted := d.save(t, scene.SavedSearch{Words: "积水监测", Wants: scene.KindOpportunity})
	c := offer("c1", "隧道积水监测终端", "在线监测")
	d.offer(t, c)
	d.matched(t, "a new capability", []scene.ID{water.ID, "c1"})
	d.handle(t, scene.CapabilityChanged, "c1")
	d.matched(t, "the same event again")

	c.Description += "，也用于路面巡检"
	d.offer(t, c)
	d.matched(t, "a changed capability is found by those who had not met it", []scene.ID{road.ID, "c1"})

	o := &scene.Opportunity{Listing: scene.Listing{ID: "n1", Name: "积水监测需求", OrgName: "业主", State: scene.Draft}}
	d.need(t, o)
	d.matched(t, "a draft")
	o.State = scene.Published
	d.need(t, o)
	d.matched(t, "a published opportunity", []scene.ID{wanted.ID, "n1"})

	// Restarted, with one search paused and one gone.
	road.Paused = true
	d.save(t, road)
	if err := d.Delete(t.Context(), provider("a"), water.ID); err != nil {
		t.Fatal(err)
	}
	d.Service = d.another(t)
	d.offer(t, offer("c2", "积水监测与路面巡检", "二合一"))
	d.matched(t, "searches that are paused or gone")
	found, err := d.Found(t.Context(), provider("a"), road.ID, store.Page{})
	if err != nil || !slices.Equal(found.Items, []scene.ID{"c1"}) {
		t.Errorf("found %v (%v), want c1", found.Items, err)
	}
}

// TestEditsOfWhatWasSeenAreNoNews: who saves a search has its results before his
// eyes; an edit of one is not told, one that came to answer later is.
func TestEditsOfWhatWasSeenAreNoNews(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	seen, hidden, other := offer("c1", "积水监测", ""), offer("c2", "积水监测", ""), offer("c3", "道路清扫", "")
	hidden.State = scene.Paused
	for _, c := range []*scene.Capability{seen, hidden, other} {
		d.offer(t, c)
	}
	s := d.save(t, scene.SavedSearch{Words: "积水监测"})
	d.matched(t, "nothing found yet")
	seen.Description = "新增无线传输"
	d.offer(t, seen)
	d.matched(t, "an edit of what was seen")
	if found, err := d.Found(t.Context(), provider("a"), s.ID, store.Page{}); err != nil || len(found.Items) > 0 {
		t.Errorf("listed as found: %v (%v), though it was there before", found.Items, err)
	}
	hidden.State = scene.Published
	d.offer(t, hidden)
	d.matched(t, "what was not open", []scene.ID{s.ID, "c2"})
	other.Description = "兼作积水监测"
	d.offer(t, other)
	d.matched(t, "what did not answer", []scene.ID{s.ID, "c3"})
}

func TestTellingAtOnceGathers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := d.save(t, scene.SavedSearch{Name: "内涝", Words: "积水监测", Tell: scene.PaceAtOnce})
	quiet := d.save(t, scene.SavedSearch{Words: "积水监测", Owner: "b"})
	for i := range 5 {
		d.offer(t, offer(fmt.Sprint("c", i), fmt.Sprintf("积水监测终端 %d", i), ""))
	}
	told := d.notices(t, "a")
	if len(told) != 1 || told[0].Args["count"] != 1.0 || told[0].Path != "/workspace/searches/"+string(s.ID) {
		t.Fatalf("notices %+v, want one of the first find", told)
	}
	d.at = d.at.Add(10 * time.Minute)
	for range 2 { // a second call, as by another process, tells nothing more
		if err := d.another(t).Tell(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	told = d.notices(t, "a")
	if len(told) != 2 || told[1].Args["count"] != 4.0 {
		t.Fatalf("notices %+v, want one more of four finds", told)
	}
	if names := fmt.Sprint(told[1].Args["names"]); names != "[积水监测终端 4 积水监测终端 3 积水监测终端 2]" {
		t.Errorf("names %s, want the latest three", names)
	}
	if list := d.notices(t, "b"); len(list) != 0 {
		t.Errorf("who looks by himself was told %v", list)
	}
	k, err := d.Get(t.Context(), provider("b"), quiet.ID)
	if err != nil || k.State.Fresh != 5 || !k.State.Due.IsZero() {
		t.Errorf("state %+v (%v), want five to look at", k.State, err)
	}
	if err := d.Seen(t.Context(), provider("b"), quiet.ID); err != nil {
		t.Fatal(err)
	}
	if k, _ = d.Get(t.Context(), provider("b"), quiet.ID); k.State.Fresh != 0 {
		t.Errorf("%d to look at after looking", k.State.Fresh)
	}
}

// TestWithdrawnIsNotTold: what is held back or taken off between finding and
// telling is not named, and a digest of nothing else does not come.
func TestWithdrawnIsNotTold(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.save(t, scene.SavedSearch{Name: "每周", Words: "积水监测", Tell: scene.PaceWeekly})
	held, open := offer("c1", "积水监测 13800000000", ""), offer("c2", "积水监测二 13900000000", "")
	d.offer(t, held)
	held.ValidFrom = d.at.AddDate(1, 0, 0)
	d.offer(t, held)
	tell := func() {
		t.Helper()
		d.at = d.at.AddDate(0, 0, 7)
		if err := d.Tell(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	tell()
	if told := d.notices(t, "a"); len(told) != 0 {
		t.Fatalf("told %+v of what is held back", told)
	}
	held.ValidFrom = time.Time{}
	d.offer(t, held)
	d.offer(t, open)
	third := offer("c3", "积水监测三", "")
	d.offer(t, third)
	third.State = scene.Closed
	d.offer(t, third)
	tell()
	told := d.notices(t, "a")
	if len(told) != 1 {
		t.Fatalf("told %+v, want once", told)
	}
	if names := fmt.Sprint(told[0].Args["names"]); strings.Contains(names, "1390000") || strings.Contains(names, "三") || !strings.Contains(names, "积水监测二") {
		t.Errorf("names %s, want that of the open one without its telephone number", names)
	}
}

func TestDigestsWaitForTheirMorning(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	daily := d.save(t, scene.SavedSearch{Name: "每天", Words: "积水监测", Tell: scene.PaceDaily})
	d.save(t, scene.SavedSearch{Name: "每周", Words: "积水监测", Tell: scene.PaceWeekly, Owner: "b"})
	d.offer(t, offer("c1", "积水监测一", ""))
	d.offer(t, offer("c2", "积水监测二", ""))
	tell := func(at time.Time, a, b int) {
		t.Helper()
		d.at = at
		if err := d.Tell(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := []int{len(d.notices(t, "a")), len(d.notices(t, "b"))}; !slices.Equal(got, []int{a, b}) {
			t.Errorf("%s: %v notices, want %v", at, got, []int{a, b})
		}
	}
	k, err := d.Get(t.Context(), provider("a"), daily.ID)
	if err != nil || k.State.Due.IsZero() {
		t.Fatalf("state %+v (%v), want a morning", k.State, err)
	}
	tell(k.State.Due.Add(-time.Second), 0, 0)
	tell(k.State.Due, 1, 0)
	tell(k.State.Due.AddDate(0, 0, 8), 1, 1)

	daily.Paused = true // what waits when a search is paused is not told
	d.offer(t, offer("c3", "积水监测三", ""))
	d.save(t, daily)
	tell(d.at.AddDate(0, 0, 2), 1, 2)
}

// TestEmbargoEnds: a listing that becomes visible by time alone is found then.
func TestEmbargoEnds(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := d.save(t, scene.SavedSearch{Words: "积水监测"})
	release := func() {
		t.Helper()
		if err := d.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	release()
	c := offer("c1", "积水监测", "")
	c.ValidFrom = d.at.Add(time.Hour)
	d.offer(t, c)
	release()
	d.matched(t, "under embargo")
	d.at = d.at.Add(2 * time.Hour)
	release()
	release()
	d.matched(t, "released", []scene.ID{s.ID, "c1"})
}

// TestProcessesSeeEachOthersSearches: a listing is matched with what any process
// saved before, and what one deleted does not stay with the others.
func TestProcessesSeeEachOthersSearches(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	other := d.another(t)
	s := d.save(t, scene.SavedSearch{Words: "积水监测"})
	d.Service, other = other, d.Service
	d.offer(t, offer("c1", "积水监测", ""))
	d.matched(t, "saved by another", []scene.ID{s.ID, "c1"})
	if err := other.Delete(t.Context(), provider("a"), s.ID); err != nil {
		t.Fatal(err)
	}
	if err := d.Follow(t.Context(), []scene.ID{s.ID}); err != nil {
		t.Fatal(err)
	}
	d.offer(t, offer("c2", "积水监测", ""))
	d.matched(t, "deleted by another")
}

func TestSaveChecks(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	save := func(by scene.Actor, q scene.SavedSearch) error {
		_, err := d.Save(t.Context(), by, q)
		return err
	}
	good := scene.SavedSearch{Name: "水", Wants: scene.KindCapability, Words: "水质"}
	first, err := d.Save(t.Context(), provider("a"), good)
	if err != nil {
		t.Fatal(err)
	}
	strange := good
	strange.Fields = []string{"no such field"}
	for name, test := range map[string]struct {
		err  error
		want scene.Code
	}{
		"ErrAsksNothing":  {save(provider("a"), scene.SavedSearch{Name: "空", Wants: scene.KindCapability}), scene.Invalid},
		"ErrUnknownField": {save(provider("a"), strange), scene.Invalid},
		"OKChanged":       {save(provider("a"), first), ""},
		"ErrStale":        {save(provider("a"), first), scene.Conflict},
		"ErrAnothers":     {save(provider("b"), first), scene.NotFound},
		"ErrVisitor":      {save(scene.Actor{}, good), scene.Unauthorized},
		"ErrStaff":        {save(scene.Actor{ID: "c", Roles: []scene.Role{scene.RoleAuditor}}, good), scene.Forbidden},
	} {
		if got := scene.CodeOf(test.err); test.err != nil && got != test.want || test.err == nil && test.want != "" {
			t.Errorf("%s: %v, want %q", name, test.err, test.want)
		}
	}
	if _, err := d.Get(t.Context(), provider("b"), first.ID); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("another's search: %v", err)
	}
	list, err := d.List(t.Context(), provider("a"), store.Page{})
	if err != nil || len(list.Items) != 1 || list.Items[0].Revision != 2 {
		t.Errorf("searches %v (%v)", list.Items, err)
	}
	for range standing.MaxSearches - 1 {
		if err := save(provider("a"), good); err != nil {
			t.Fatal(err)
		}
	}
	if err := save(provider("a"), good); scene.CodeOf(err) != scene.TooLarge {
		t.Errorf("one search too many: %v", err)
	}
}

func TestBreadth(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for i := range 40 {
		c := offer(fmt.Sprint("c", i), fmt.Sprintf("%s %d", []string{"积水监测", "道路清扫"}[i%2], i), "")
		d.offer(t, c)
	}
	d.offer(t, offer("d", "无人机巡检", ""))
	for words, want := range map[string]bool{"积水监测": true, "无人机": false, "量子": false} {
		b, err := d.Breadth(t.Context(), scene.SavedSearch{Wants: scene.KindCapability, Words: words})
		if err != nil || b.TooBroad() != want {
			t.Errorf("%s: %+v (%v), too broad %v, want %v", words, b, err, b.TooBroad(), want)
		}
	}
	q := scene.SavedSearch{ID: "s", Revision: 1, Wants: scene.KindCapability, Words: "无人机"}
	breadth := func(what string, found, of int) {
		t.Helper()
		if b, err := d.Breadth(t.Context(), q); err != nil || b.Found != found || b.Of != of {
			t.Errorf("%s: %+v, %v, want %d of %d", what, b, err, found, of)
		}
	}
	breadth("a stored search", 1, 41)
	d.offer(t, offer("e", "无人机测绘", ""))
	d.at = d.at.Add(-time.Minute)
	breadth("within the minute", 1, 41)
	q.Revision, q.Words = 2, "积水监测"
	breadth("as it was changed", 20, 41)
	d.at = d.at.Add(2 * time.Minute)
	q.Revision, q.Words = 3, "无人机"
	breadth("after it", 2, 42)
}
