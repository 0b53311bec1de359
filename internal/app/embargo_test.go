package app_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestEmbargoEverywhere puts a capability that everybody sees into a batch to
// come: it is gone from every door, and back at all of them when the clock says
// so, without anything else happening.
func TestEmbargoEverywhere(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64 // nanoseconds that the clock of the city is ahead
	options := testOptions(io.Discard)
	options.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	a, err := app.Open(t.Context(), testConfig(t.TempDir()), options)
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, a)
	if err := a.LoadSampleCity(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	settle(t, a)
	const name = "噪声相关漏点定位系统"
	offer, need := offerNamed(t, a, name), needNamed(t, a, "老旧供水管网漏损定位")
	doors := []string{
		"/capabilities/" + string(offer.ID), "/capabilities/" + string(offer.ID) + "/card", "/api/v1/capabilities/" + string(offer.ID),
		"/capabilities?q=" + url.QueryEscape(name), "/capabilities?field=smart_water", "/api/v1/search?kind=capability&q=" + url.QueryEscape(name),
		"/suggest?kind=capability&q=" + url.QueryEscape("噪声相关"), "/api/v1/suggest?kind=capability&q=" + url.QueryEscape("噪声相关"),
		"/feed.atom?kind=capability&field=smart_water", "/api/v1/capabilities?field=smart_water&limit=100", "/api/v1/open-data/capabilities",
		"/opportunities/" + string(need.ID), "/opportunities/" + string(need.ID) + "/matches", "/api/v1/opportunities/" + string(need.ID) + "/matches",
		"/compare?kind=capability&id=" + string(offer.ID), "/organisations/" + string(offer.OrgID),
	}
	seen := func() (at []string) {
		t.Helper()
		for _, door := range doors {
			mark := string(offer.ID)
			if strings.Contains(door, "suggest") {
				mark = name // it names no ids
			}
			own := strings.Contains(door, "capabilities/"+mark) // there or not
			if status, body := fetch(t, a, door); status == http.StatusOK && (own || strings.Contains(said(body, door), mark)) {
				at = append(at, door)
			}
		}
		return at
	}
	if at := seen(); len(at) != len(doors) {
		t.Fatalf("before: seen only at %v", at)
	}
	by := scene.Actor{ID: "li", Name: "li", Roles: []scene.Role{scene.RoleSteward}}
	release := options.Now().Add(48 * time.Hour)
	batch, err := a.Registry().SaveBatch(t.Context(), by, scene.Batch{Name: "第九批", Release: release})
	if err != nil {
		t.Fatal(err)
	}
	refs := []registry.Ref{{Kind: scene.KindCapability, ID: offer.ID}}
	batches, err := a.Registry().Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range batches {
		if b.Name == offer.Batch {
			if err := a.Registry().TakeFromBatch(t.Context(), by, b.ID, refs); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := a.Registry().AddToBatch(t.Context(), by, batch.ID, refs); err != nil {
		t.Fatal(err)
	}
	settle(t, a)
	if at := seen(); len(at) > 0 {
		t.Errorf("under embargo: seen at %v", at)
	}
	for _, door := range []string{"/batches", "/api/v1/batches", "/"} {
		if _, body := fetch(t, a, door); strings.Contains(body, "第九批") {
			t.Errorf("%s tells of a batch to come", door)
		}
	}
	ahead.Store(int64(48*time.Hour - time.Minute))
	if at := seen(); len(at) > 0 {
		t.Errorf("a minute before: seen at %v", at)
	}
	ahead.Store(int64(48*time.Hour + time.Minute))
	if at := seen(); len(at) != len(doors) {
		t.Errorf("after: seen only at %v", at)
	}
	if status, body := fetch(t, a, "/batches/"+string(batch.ID)); status != http.StatusOK || !strings.Contains(body, name) {
		t.Errorf("the page of the batch: %d", status)
	}
}

// said is an answer without the links of its frame that repeat what was asked
// for, such as the switch of languages.
func said(body, door string) string {
	return strings.ReplaceAll(strings.ReplaceAll(body, url.QueryEscape(door), ""), strings.ReplaceAll(door, "&", "&amp;"), "")
}

func offerNamed(t *testing.T, a *app.App, name string) scene.Capability {
	t.Helper()
	rows, err := a.Registry().Capabilities(t.Context(), store.ListingFilter{}, store.Page{Limit: store.MaxPage})
	for _, row := range rows.Items {
		if row.Name == name {
			return row
		}
	}
	t.Fatalf("no capability %q: %v", name, err)
	return scene.Capability{}
}

func needNamed(t *testing.T, a *app.App, name string) scene.Opportunity {
	t.Helper()
	rows, err := a.Registry().Opportunities(t.Context(), store.ListingFilter{}, store.Page{Limit: store.MaxPage})
	for _, row := range rows.Items {
		if row.Name == name {
			return row
		}
	}
	t.Fatalf("no opportunity %q: %v", name, err)
	return scene.Opportunity{}
}
