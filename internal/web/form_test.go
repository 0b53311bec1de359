package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"jinghe/internal/scene"
)

// TestTooManyFields: a form with more fields than can be read is told so, not
// taken for a stale or forged one.
func TestTooManyFields(t *testing.T) {
	t.Parallel()
	b := newOffice(t).as(scene.RoleSteward)
	for items, want := range map[int]int{10: http.StatusUnprocessableEntity, 10_001: http.StatusRequestEntityTooLarge} {
		w := b.post("/console/reviews", url.Values{"form_token": {b.token("/account")}, "pick": slices.Repeat([]string{"x"}, items)})
		if w.Code != want || want == http.StatusRequestEntityTooLarge && !strings.Contains(w.Body.String(), "没有读全") {
			t.Errorf("%d items: %d", items, w.Code)
		}
	}
}
