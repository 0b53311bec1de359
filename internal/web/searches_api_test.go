package web_test

import (
	"net/http"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/web/api"
)

// TestSavedSearchByProgram: a program with the scope keeps searches for its
// owner, changes them by their ETag, reads what they found and ends them.
func TestSavedSearchByProgram(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p, stranger := o.program(scene.RoleProvider, scene.ScopeSearches), o.program(scene.RoleOwner, scene.ScopeSearches)
	const asked = `{"name":"桥梁","wants":"capability","words":"桥梁 监测","fields":["smart_transport"],"money":{"max_fen":50000000},"tell":"weekly"}`
	var made api.SavedSearch
	tag := p.must(http.StatusCreated, &made, "POST", "/searches", asked).Get("ETag")
	one := "/searches/" + string(made.ID)
	if made.Tell != "weekly" || made.Money == nil || made.Money.MaxFen != 50000000 || made.Revision != 1 {
		t.Errorf("made %+v", made)
	}
	p.must(http.StatusUnprocessableEntity, nil, "POST", "/searches", `{"name":"空","wants":"capability"}`)
	p.must(http.StatusUnprocessableEntity, nil, "POST", "/searches", `{"name":"x","wants":"capability","fields":["no_such_field"]}`)

	paused := `{"name":"桥梁","wants":"capability","words":"桥梁","maturity":{"min":5,"max":9},"paused":true}`
	p.must(http.StatusPreconditionRequired, nil, "PUT", one, paused)
	p.must(http.StatusPreconditionFailed, nil, "PUT", one, paused, "If-Match", `"7"`)
	var changed api.SavedSearch
	p.must(http.StatusOK, &changed, "PUT", one, paused, "If-Match", tag)
	if changed.Revision != 2 || !changed.Paused || changed.Tell != "" || changed.Maturity == nil || changed.Money != nil {
		t.Errorf("changed to %+v", changed)
	}
	o.found(made.ID, "CAP000", "CAP001")
	var found api.FoundPage
	p.must(http.StatusOK, &found, "GET", one+"/found", "")
	var list api.SavedSearchPage
	p.must(http.StatusOK, &list, "GET", "/searches", "")
	if len(found.Items) != 2 || found.Wants != "capability" || len(list.Items) != 1 || list.Items[0].Fresh != 2 {
		t.Errorf("found %+v of %+v", found, list)
	}
	for _, path := range []string{one, one + "/found"} {
		stranger.must(http.StatusNotFound, nil, "GET", path, "")
	}
	stranger.must(http.StatusNotFound, nil, "DELETE", one, "")
	p.must(http.StatusOK, nil, "DELETE", one, "")
	p.must(http.StatusNotFound, nil, "GET", one, "")
}
