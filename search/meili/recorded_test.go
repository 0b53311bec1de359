package meili_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jinghe/search"
	"jinghe/search/lexicon"
	"jinghe/search/meili"
)

var update = flag.Bool("update", false, "record the answers of the server that MEILISEARCH_URL and MEILISEARCH_KEY name")

const recordingFile = "testdata/recorded.json"

// recording is what a real server answered to [scenario].
type recording struct {
	Version   string     `json:"version"` // of the server
	Exchanges []exchange `json:"exchanges"`
}

type exchange struct {
	Request string          `json:"request"` // method and path
	Body    string          `json:"body"`    // hash
	Status  int             `json:"status"`
	Answer  json.RawMessage `json:"answer"`
}

// TestRecorded plays the scenario against the recorded answers. With -update it
// plays it against the real server and records them anew.
func TestRecorded(t *testing.T) {
	t.Parallel()
	if *update {
		record(t)
		return
	}
	raw, err := os.ReadFile(recordingFile)
	if err != nil {
		t.Fatal(err)
	}
	var r recording
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	t.Logf("answers recorded from Meilisearch %s", r.Version)
	p := &player{answers: r.byRequest()}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	scenario(t, server.URL, "")
	if p.others > 0 { // words were added to the lexicon, perhaps
		t.Logf("%d requests are not quite those recorded; record them with -update where a server is at hand", p.others)
	}
}

func record(t *testing.T) {
	t.Helper()
	address, key := os.Getenv("MEILISEARCH_URL"), os.Getenv("MEILISEARCH_KEY")
	if address == "" {
		t.Fatal("MEILISEARCH_URL names no server to record")
	}
	rec := &recorder{to: address}
	server := httptest.NewServer(rec)
	t.Cleanup(server.Close)
	rec.version = scenario(t, server.URL, key)
	raw, err := json.MarshalIndent(recording{rec.version, rec.exchanges}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(recordingFile, append(raw, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// recorder passes requests on and keeps the answers. Of a task only the end is
// kept: how often it is looked at before is chance.
type recorder struct {
	to        string
	version   string
	mu        sync.Mutex
	exchanges []exchange
}

func (rec *recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, hash, body := requestName(r)
	out, err := http.NewRequestWithContext(r.Context(), r.Method, rec.to+r.URL.String(), bytes.NewReader(body))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	out.Header = r.Header.Clone()
	out.Header.Del("Accept-Encoding")
	answer, err := http.DefaultClient.Do(out)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	waiting := strings.HasPrefix(r.URL.Path, "/tasks/") &&
		(bytes.Contains(raw, []byte(`"status":"enqueued"`)) || bytes.Contains(raw, []byte(`"status":"processing"`)))
	if !waiting {
		rec.mu.Lock()
		rec.exchanges = append(rec.exchanges, exchange{name, hash, answer.StatusCode, slices.Clone(raw)})
		rec.mu.Unlock()
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(answer.StatusCode)
	_, _ = w.Write(raw)
}

func requestName(r *http.Request) (name, hash string, body []byte) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err.Error(), "", nil
	}
	sum := sha256.Sum256(body)
	return r.Method + " " + r.URL.String(), hex.EncodeToString(sum[:6]), body
}

func (r recording) byRequest() map[string][]exchange {
	out := make(map[string][]exchange)
	for _, e := range r.Exchanges {
		out[e.Request] = append(out[e.Request], e)
	}
	return out
}

// player answers each request as it was answered, repeats in the order recorded.
type player struct {
	mu      sync.Mutex
	answers map[string][]exchange
	others  int // requests with another body than the one recorded
}

func (p *player) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, hash, _ := requestName(r)
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.answers[name]
	w.Header().Set("Content-Type", "application/json")
	if len(list) == 0 {
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte(`{"message":"no answer was recorded to ` + name + `; record them with -update","code":"not_recorded"}`))
		return
	}
	if list[0].Body != hash {
		p.others++
	}
	if len(list) > 1 {
		p.answers[name] = list[1:]
	}
	w.WriteHeader(list[0].Status)
	_, _ = w.Write(list[0].Answer)
}

// scenario is one use of everything an index does, and what must come of it. It
// returns the version of the server.
func scenario(t *testing.T, address, key string) string {
	t.Helper()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	e := meili.New(meili.Options{URL: address, Key: key, Prefix: "recorded_", Lexicon: lex, Now: time.Now})
	server, err := e.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	schema := search.Schema{
		Text:   []search.TextField{{Name: "name", Weight: 3, Pinyin: true, Suggest: true}, {Name: "text", Weight: 1}},
		Facets: []string{"field"}, Numbers: []string{"price"},
	}
	ix, err := e.Open(t.Context(), "all", schema)
	if err != nil {
		t.Fatal(err)
	}
	s := &part{t, ix}
	s.fill()
	s.searches()
	s.retrieves()
	s.changes(lex)
	if err := e.Drop(t.Context()); err != nil {
		t.Error(err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	return server.Version
}

// part plays a part of the scenario.
type part struct {
	t  *testing.T
	ix search.Index
}

func (s *part) fill() {
	s.t.Helper()
	doc := func(id, name, text, field string, price float64) search.Document {
		d := search.Document{ID: id, Text: map[string]string{"name": name, "text": text}, Facets: map[string][]string{"field": {field}}}
		if price > 0 {
			d.Numbers = map[string]float64{"price": price}
		}
		return d
	}
	docs := []search.Document{
		doc("a/1", "水质在线监测", "污水厂出水水质监测与预警", "水务", 30),
		doc("a/2", "管网漏损监测", "供水管网压力流量监测，定位漏点", "水务", 50),
		doc("b/1", "物联网平台", "接入传感器与摄像头", "城管", 0),
		doc("b/2", "Kubernetes 集群运维", "容器平台", "软件", 20),
		doc("c/1", "低空经济产业园", "无人机巡检与物流", "低空", 90),
		doc("c/2", "桥梁健康监测", "桥梁结构传感器", "交通", 10),
	}
	if err := s.ix.Apply(s.t.Context(), docs, []string{"never there"}); err != nil {
		s.t.Fatal(err)
	}
	stats, err := s.ix.Stats(s.t.Context())
	if err != nil || stats.Documents != len(docs) || stats.Building {
		s.t.Errorf("stats %+v, error %v, want %d documents", stats, err, len(docs))
	}
}

func (s *part) find(q search.Query) search.Result {
	s.t.Helper()
	r, err := s.ix.Search(s.t.Context(), q)
	if err != nil {
		s.t.Fatalf("search %+v: %v", q, err)
	}
	return r
}

func (s *part) want(text string, want ...string) search.Result {
	s.t.Helper()
	r := s.find(search.Query{Text: text})
	var got []string
	for _, h := range r.Hits {
		got = append(got, h.ID)
	}
	if !slices.Equal(got, want) || r.Total != len(want) {
		s.t.Errorf("%q finds %v of %d, want %v", text, got, r.Total, want)
	}
	return r
}

func (s *part) searches() {
	s.t.Helper()
	s.want("", "a/1", "a/2", "b/1", "b/2", "c/1", "c/2")
	s.want("水质", "a/1")
	s.want("监测", "a/1", "a/2", "c/2")
	s.want("wulianwang", "b/1")
	s.want("kube", "b/2")
	s.want("漏", "a/2")
	if r := s.want("低空经计", "c/1"); r.Corrected != "低空经济" {
		s.t.Errorf("corrected to %q", r.Corrected)
	}
	if r := s.want("桥梁 量子 监测", "c/2"); !r.Partial {
		s.t.Error("a document without one of the words is not called partial")
	}
	low := 15.0
	r := s.find(search.Query{
		Text: "监测", Filter: []search.Clause{{Facet: "field", AnyOf: []string{"水务"}}, {Number: "price", Min: &low}},
		Facets: []string{"field"}, Sort: []search.Sort{{Number: "price", Desc: true}}, Highlight: []string{"name"},
	})
	if r.Total != 2 || r.Hits[0].ID != "a/2" || !slices.Equal(r.Hits[0].Highlights["name"], []search.Span{{Start: 4, End: 6}}) {
		s.t.Errorf("filtered and sorted: %+v", r)
	}
	if !slices.Equal(r.Facets["field"], []search.FacetCount{{Value: "水务", Count: 2}}) {
		s.t.Errorf("counted %v; the bridge is too cheap for the other clause", r.Facets)
	}
}

func (s *part) retrieves() {
	s.t.Helper()
	got, err := s.ix.Candidates(s.t.Context(), search.Need{Fields: []search.NeedField{
		{Text: "老旧小区供水管网漏损治理", Weight: 1}, {Text: "希望在线监测压力与流量，及时发现漏点。", Weight: 0.3},
	}})
	if err != nil || len(got) == 0 || got[0] != (search.Candidate{ID: "a/2", Score: 1}) {
		s.t.Errorf("candidates %v, error %v, want the leak monitor first", got, err)
	}
	values, err := s.ix.Suggest(s.t.Context(), "guanwang", 5, nil)
	if err != nil || !slices.Equal(values, []search.Suggestion{{Text: "管网漏损监测", Count: 1}}) {
		s.t.Errorf("suggests %v, error %v", values, err)
	}
	lister, ok := s.ix.(search.Lister)
	if !ok {
		s.t.Fatal("the index cannot list its documents")
	}
	ids, err := lister.IDs(s.t.Context())
	slices.Sort(ids)
	if err != nil || !slices.Equal(ids, []string{"a/1", "a/2", "b/1", "b/2", "c/1", "c/2"}) {
		s.t.Errorf("holds %v, error %v", ids, err)
	}
}

func (s *part) changes(lex *lexicon.Lexicon) {
	s.t.Helper()
	if err := s.ix.Apply(s.t.Context(), nil, []string{"a/1"}); err != nil {
		s.t.Fatal(err)
	}
	s.want("水质")
	s.want("甲乙装备")
	other, err := lex.With(lexicon.Entry{Word: "集群运维", Synonyms: []string{"甲乙装备"}})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.ix.Relex(s.t.Context(), other); err != nil {
		s.t.Fatal(err)
	}
	s.want("甲乙装备", "b/2")
	s.want("监测", "a/2", "c/2")
}
