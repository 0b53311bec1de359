package meili_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"jinghe/search/meili"
)

// fake answers like a server of some version that holds one index, empty.
type fake struct {
	mu      sync.Mutex
	version string
	refuses bool // every key
	limits  bool // the key to its indexes
	fails   bool // every task
	has     bool // the index
	made    int  // how often it was made
	asked   int  // requests
	docs    map[string]json.RawMessage
	given   int // documents
	copied  int // documents given to a copy under way

	searches int // queries
	// meanwhile is what happens while the next request of a path that ends so is answered.
	meanwhile map[string]func(*http.Request)
}

// happens does what is to happen meanwhile, once.
func (f *fake) happens(r *http.Request) {
	var now func(*http.Request)
	f.set(func(f *fake) {
		for end, what := range f.meanwhile {
			if strings.HasSuffix(r.URL.Path, end) {
				delete(f.meanwhile, end)
				now = what
			}
		}
	})
	if now != nil {
		now(r)
	}
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.happens(r)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	answer := func(status int, body string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
	switch path := r.URL.Path; {
	case f.refuses:
		answer(http.StatusForbidden, `{"message":"The provided API key is invalid.","code":"invalid_api_key","type":"auth"}`)
	case path == "/keys", path == "/version" && f.limits:
		answer(http.StatusForbidden, `{"message":"The provided API key is invalid.","code":"invalid_api_key","type":"auth"}`)
	case path == "/version":
		answer(http.StatusOK, `{"commitSha":"","commitDate":"","pkgVersion":"`+f.version+`"}`)
	case strings.HasPrefix(path, "/tasks/") && f.fails:
		answer(http.StatusOK, `{"uid":1,"status":"failed","error":{"message":"no room","code":"no_space_left_on_device","type":"system"}}`)
	case strings.HasPrefix(path, "/tasks/"):
		answer(http.StatusOK, `{"uid":1,"status":"succeeded"}`)
	case path == "/indexes" && r.Method == http.MethodPost:
		f.has = true
		f.made++
		answer(http.StatusAccepted, `{"taskUid":1,"status":"enqueued"}`)
	case !f.has:
		answer(http.StatusNotFound, `{"message":"Index not found.","code":"index_not_found","type":"invalid_request"}`)
	case path == "/multi-search":
		answer(http.StatusOK, `{"results":[`+strings.Join(f.results(r.Body), ",")+`]}`)
	case strings.HasSuffix(path, "/documents/fetch"):
		answer(http.StatusOK, `{"results":[`+strings.Join(f.held(r.Body), ",")+`]}`)
	case strings.HasSuffix(path, "_next/documents"):
		f.copied++
		answer(http.StatusAccepted, `{"taskUid":1,"status":"enqueued"}`)
	case strings.HasSuffix(path, "/documents"):
		f.keep(r.Body)
		answer(http.StatusAccepted, `{"taskUid":1,"status":"enqueued"}`)
	default:
		answer(http.StatusAccepted, `{"taskUid":1,"status":"enqueued"}`)
	}
}

// results are what queries find: of a thousand documents none that is looked for.
func (f *fake) results(body io.Reader) (list []string) {
	var asked struct {
		Queries []struct {
			Q      string
			Filter any
		}
	}
	if json.NewDecoder(body).Decode(&asked) != nil {
		return nil
	}
	f.searches += len(asked.Queries)
	for _, q := range asked.Queries {
		total := 0
		if q.Q == "" && q.Filter == nil {
			total = 1000
		}
		list = append(list, fmt.Sprintf(`{"hits":[],"totalHits":%d}`, total))
	}
	return list
}

// keep stores documents as they came.
func (f *fake) keep(body io.Reader) {
	var docs []json.RawMessage
	if json.NewDecoder(body).Decode(&docs) != nil {
		return
	}
	if f.docs == nil {
		f.docs = map[string]json.RawMessage{}
	}
	for _, d := range docs {
		var head struct{ ID string }
		if json.Unmarshal(d, &head) == nil {
			f.docs[head.ID] = d
			f.given++
		}
	}
}

// held are the documents of those that are asked for.
func (f *fake) held(body io.Reader) (list []string) {
	var asked struct{ IDs []string }
	if json.NewDecoder(body).Decode(&asked) != nil {
		return nil
	}
	for _, id := range asked.IDs {
		if d, ok := f.docs[id]; ok {
			list = append(list, string(d))
		}
	}
	return list
}

// faked is a fake that is new enough and holds nothing yet, options for it, and their clock.
func faked(t *testing.T) (*fake, meili.Options, *clock) {
	t.Helper()
	f := &fake{version: "1.50.0"}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	o, now := options(t, server.URL)
	return f, o, now
}

func (f *fake) set(change func(*fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}
