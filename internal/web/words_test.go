package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
)

// rehearser is a workbench that notes how long a preview may take.
type rehearser struct {
	bench
	end time.Time
}

// Preview compares nothing.
func (b *rehearser) Preview(ctx context.Context, _ scene.Actor, _ scene.Amendment, _ locale.Lang) (backend.Preview, error) {
	b.end, _ = ctx.Deadline()
	return backend.Preview{Needs: 7, Looked: 3, Changed: 2}, nil
}

// TestWordsPatience: filling a second market may take longer than other
// requests, and the page tells how much of it was compared.
func TestWordsPatience(t *testing.T) {
	t.Parallel()
	b, begin := &rehearser{}, time.Now()
	steward := newOfficeWith(t, func(s *backend.Services) { s.Workbench = b }).as(scene.RoleSteward)
	w := steward.fill("/console/words", "/console/words", url.Values{"what": {"put"}, "word": {"井盖"}, "do": {"look"}})
	if body := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(body, "在比较过的 3 个场景机会中（共 7 个开放），有 2 个") {
		t.Errorf("%d: what was compared is not told", w.Code)
	}
	// The fixture's other requests end after a minute.
	if b.end.Before(begin.Add(time.Minute + 15*time.Second)) {
		t.Errorf("a preview may take %v", b.end.Sub(begin))
	}
}
