package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"jinghe/internal/match"
)

// TestEmbedderComesAndGoes: with a model configured its part is named and
// weighed once the model answers; while it is away pages go on by words and say so.
func TestEmbedderComesAndGoes(t *testing.T) {
	t.Parallel()
	var contacts atomic.Bool
	open := make(chan struct{}) // until then the model keeps everybody waiting
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct{ Input []string }
		select {
		case <-open:
		case <-r.Context().Done():
			return
		}
		if json.NewDecoder(r.Body).Decode(&q) != nil {
			http.Error(w, "", http.StatusServiceUnavailable)
			return
		}
		var rows []map[string]any
		for i, text := range q.Input {
			if strings.Contains(text, "0510-5555") {
				contacts.Store(true)
			}
			v := make([]float32, 8)
			for k, c := range []rune(text) {
				v[(int(c)+k)%8]++
			}
			rows = append(rows, map[string]any{"index": i, "embedding": v})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"data": rows})
	}))
	defer model.Close()
	cfg := testConfig(t.TempDir())
	cfg.EmbedderURL, cfg.EmbedderModel, cfg.EmbedderKey = model.URL+"/v1", "m", "very-secret"
	a := start(t, cfg, true)
	<-a.Ready()
	needs, err := a.PairsToGrade(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	id := needs[0].Need.ID
	ranking := func() (r match.Ranking) {
		t.Helper()
		_, body := fetch(t, a, fmt.Sprintf("/api/v1/opportunities/%s/matches", id))
		if err := json.Unmarshal([]byte(body), &r); err != nil || len(r.Matches) == 0 {
			t.Fatalf("%v %.200s", err, body)
		}
		return r
	}
	if r := ranking(); r.Note == "" || part(r.Matches[0]).Value != 0.5 {
		t.Errorf("a model that keeps one waiting: note %q, part %+v", r.Note, part(r.Matches[0]))
	}
	if _, body := fetch(t, a, fmt.Sprintf("/opportunities/%s/matches", id)); !strings.Contains(body, "语义模型暂未") {
		t.Error("the page does not say that it goes by words alone")
	}
	close(open)
	eventually(t, patience, func() bool { return ranking().Note == "" })
	p := part(ranking().Matches[0])
	if p.Weight != match.EmbeddingShare || p.Value < 0 || p.Value > 1 || p.Contribution != p.Weight*p.Value {
		t.Errorf("part %+v", p)
	}
	if contacts.Load() {
		t.Error("a telephone number was sent to the model")
	}
	for _, s := range cfg.Settings() {
		if strings.Contains(s.Value, "very-secret") {
			t.Errorf("%s prints the key", s.Name)
		}
	}
}

// part finds the embedding part; one that is not shown has no name.
func part(m match.Match) match.Part {
	for _, p := range m.Parts {
		if p.Name == "embedding" {
			return p
		}
	}
	return match.Part{}
}
