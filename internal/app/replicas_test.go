package app_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/scene"
)

// twoReplicas are two processes of one installation, with a steward.
func twoReplicas(t *testing.T) (a, b *app.App) {
	t.Helper()
	first := scaledCity(t)
	second := first
	second.Data = t.TempDir()
	var both []*app.App
	for _, cfg := range []app.Config{first, second} {
		o := testOptions(io.Discard)
		o.Demo = true
		one, err := app.Open(t.Context(), cfg, o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { closeApp(t, one) })
		if len(both) == 0 {
			_, err = one.User(t.Context(), app.UserRequest{Do: "add", Login: "steward", Name: "专员", Roles: []scene.Role{scene.RoleSteward}, Password: fairPassword})
		}
		if err == nil {
			err = one.Start(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		both = append(both, one)
	}
	return both[0], both[1]
}

// TestReplicasShareEntrance: who came in by one process is in at the other, a
// login that was locked by one is locked at both, and a rate holds for them together.
func TestReplicasShareEntrance(t *testing.T) {
	t.Parallel()
	a, b := twoReplicas(t)
	here, there := newSender(t, a), newSender(t, b)
	there.http.Jar = here.http.Jar // of one browser: both are behind one name
	here.fill("/sign-in", "/sign-in", url.Values{"login": {"steward"}, "password": {fairPassword}})
	if status, _ := there.ask(http.MethodGet, "/console", nil); status != http.StatusOK {
		t.Errorf("signed in by the one, the other answers %d", status)
	}
	try := func(s *sender, login string) (int, string) {
		t.Helper()
		_, text := s.ask(http.MethodGet, "/sign-in", nil)
		return s.ask(http.MethodPost, "/sign-in", strings.NewReader(url.Values{
			"login": {login}, "password": {"wrong"}, "form_token": {formToken(t, text)},
		}.Encode()))
	}
	guesser, elsewhere := newSender(t, a), newSender(t, b)
	for range 5 {
		if status, text := try(guesser, "steward"); status != http.StatusUnauthorized {
			t.Fatalf("a wrong password: %d\n%.500s", status, text)
		}
	}
	if status, text := try(elsewhere, "steward"); status != http.StatusTooManyRequests || !strings.Contains(text, "分钟") {
		t.Errorf("the sixth guess, at the other: %d", status)
	}
	forged := func(s *sender) int { // costs the server nothing but the count
		status, _ := s.ask(http.MethodPost, "/sign-in", strings.NewReader(""))
		return status
	}
	for n := 0; forged(guesser) != http.StatusTooManyRequests; n++ { // until nothing is left, however slow that is
		if n == 100 {
			t.Fatal("a hundred requests, and none is refused")
		}
	}
	refused := false
	for range 10 { // alone, the other one would allow as many and more
		if refused = forged(elsewhere) == http.StatusTooManyRequests; refused {
			break
		}
		<-time.After(200 * time.Millisecond) // twice as long as a process keeps it to itself
	}
	if !refused {
		t.Error("twenty requests at the one do not count at the other")
	}
}

// TestReplicasShareWall: what happens at one process is on the display that
// hangs on the other.
func TestReplicasShareWall(t *testing.T) {
	t.Parallel()
	a, b := twoReplicas(t)
	day := time.Now().Add(24 * time.Hour).Truncate(time.Hour)
	f, err := a.Fairs().Create(t.Context(), stewardActor(), scene.Fair{
		Title: "两台服务器上的对接会", Place: "会展中心", Mode: scene.FairOrganiser, Minutes: 20,
		Blocks: []scene.FairBlock{{Kind: scene.BlockMeet, Title: "洽谈", Start: day, End: day.Add(2 * time.Hour)}},
		Halls:  []scene.FairHall{{ID: "A", Name: "一号厅", Tables: 3}},
		Min:    1, Max: 3,
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.URL()+"wall/"+f.Wall+"/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Language", "zh-CN")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	lines := bufio.NewScanner(answer.Body)
	until := func(text string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), text) {
				return
			}
		}
		t.Fatalf("the stream ended before %q: %v", text, lines.Err())
	}
	until("event: board")
	for _, minutes := range []int{15, 40} {
		if _, err := a.Fairs().Delay(t.Context(), stewardActor(), f.ID, minutes); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		until(fmt.Sprintf("顺延 %d 分钟", minutes))
		t.Logf("on the other's display after %s", time.Since(began).Round(time.Millisecond))
	}
}
