//go:build drill && linux

package app_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
)

const (
	// drillWords are in every listing that the load publishes, and in no other.
	drillWords = "量子 晾衣架"
	// Writers and readers of the load, and how often each does one thing.
	drillWrite = time.Second
	drillRead  = 200 * time.Millisecond
	drillTries = 8
)

var drillQuery = url.QueryEscape(drillWords)

// drillFigures count what became of the load.
type drillFigures struct{ acked, refused, reads, readsFailed int64 }

// drillLoad writes and reads through whichever replica answers, as a proxy has
// it, and notes what was acknowledged.
type drillLoad struct {
	d      *drill
	secret string // of an access token
	http   *http.Client
	dir    string

	end    context.CancelFunc
	work   sync.WaitGroup
	number atomic.Int64

	acked, refused, reads, readsFailed atomic.Int64

	mu    sync.Mutex
	names map[string]scene.State // what was acknowledged, by name
}

func newDrillLoad(d *drill) *drillLoad {
	return &drillLoad{
		d: d, dir: d.t.TempDir(), names: map[string]scene.State{},
		http: &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 8}},
	}
}

func (l *drillLoad) figures() drillFigures {
	return drillFigures{l.acked.Load(), l.refused.Load(), l.reads.Load(), l.readsFailed.Load()}
}

// start begins: one who submits by the API where there is a token, one who publishes by the command
// line, two who read.
func (l *drillLoad) start() {
	ctx, cancel := context.WithCancel(context.Background())
	l.end = cancel
	every := func(pause time.Duration, do func(context.Context, int)) {
		l.work.Go(func() {
			tick := time.NewTicker(pause)
			defer tick.Stop()
			for ctx.Err() == nil {
				do(ctx, int(l.number.Add(1)))
				select {
				case <-ctx.Done():
				case <-tick.C:
				}
			}
		})
	}
	if l.secret != "" {
		every(drillWrite, l.submit)
	}
	every(drillWrite, l.publish)
	every(drillRead, l.read)
	every(drillRead, l.read)
}

// pause ends the load; what is under way is finished first.
func (l *drillLoad) pause() {
	l.end()
	l.work.Wait()
}

func (l *drillLoad) stop() { l.pause() }

// until waits for so many more acknowledged writes.
func (l *drillLoad) until(n int64) {
	l.d.t.Helper()
	from := l.acked.Load()
	eventually(l.d.t, 2*time.Minute, func() bool { return l.acked.Load() >= from+n })
}

// done notes how a write ended.
func (l *drillLoad) done(name string, state scene.State, acknowledged bool) {
	if !acknowledged {
		l.refused.Add(1)
		return
	}
	l.mu.Lock()
	l.names[name] = state
	l.mu.Unlock()
	l.acked.Add(1)
}

// submit hands one capability in by the API, again under the same key and at the
// next replica until one has done it.
func (l *drillLoad) submit(_ context.Context, n int) {
	name, key := fmt.Sprintf("提交 %06d", n), rand.Text()
	body, err := json.Marshal(map[string]any{"source": "drill-" + key, "capabilities": []any{
		map[string]any{"organisation": map[string]any{"name": "示例企业"}, "entry": map[string]any{"name": name, "description": "演练"}},
	}})
	if err != nil {
		panic(err)
	}
	for try := range drillTries {
		status, answer, err := l.send(http.MethodPost, l.d.urls[(n+try)%len(l.d.urls)], "/api/v1/imports", string(body), "Idempotency-Key", key)
		if err == nil && status == http.StatusCreated {
			l.done(name, scene.Submitted, strings.Contains(string(answer), `"created"`))
			return
		}
		<-time.After(100 * time.Millisecond)
	}
	l.done(name, scene.Submitted, false)
}

// publish imports a list of one capability by the control socket of a replica,
// as “jinghe import” does; an import that is tried again changes nothing.
func (l *drillLoad) publish(ctx context.Context, n int) {
	name := fmt.Sprintf("量子晾衣架 %06d", n)
	path := filepath.Join(l.dir, fmt.Sprintf("%06d.csv", n))
	ctx = context.WithoutCancel(ctx) // what was begun is finished
	defer func() { _ = os.Remove(path) }()
	if err := writeCapability(ctx, path, name); err != nil {
		panic(err)
	}
	for try := range drillTries {
		if l.importBy(ctx, (n+try)%len(l.d.urls), path) == nil {
			l.done(name, scene.Published, true)
			return
		}
		<-time.After(100 * time.Millisecond)
	}
	l.done(name, scene.Published, false)
}

func (l *drillLoad) importBy(ctx context.Context, replica int, path string) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	client, err := app.Dial(ctx, l.d.dirs[replica])
	if err != nil || client == nil {
		return errors.Join(err, errors.New("away"))
	}
	defer func() { _ = client.Close(ctx) }()
	report, err := client.Import(ctx, app.ImportRequest{Path: path, Name: filepath.Base(path), State: scene.Published}, nil)
	if err != nil {
		return err
	}
	if c := report.Job.Count; c.Created+c.Unchanged+c.Changed < 1 {
		return fmt.Errorf("nothing was imported: %+v", c)
	}
	return nil
}

func writeCapability(ctx context.Context, path, name string) error {
	c := scene.Capability{Description: "遇雨自收"}
	c.Name, c.OrgName = name, "示例企业"
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = transfer.Write(ctx, f, transfer.CSV, transfer.Jinghe, []scene.Row{{Capability: &c, Org: scene.Organisation{Name: c.OrgName}}}, transfer.WriteOptions{})
	return errors.Join(err, f.Close())
}

// read looks at a page of some kind; who cannot be served by one replica is
// served by the next.
func (l *drillLoad) read(_ context.Context, n int) {
	paths := []string{"/", "/capabilities", "/opportunities", "/capabilities?q=" + drillQuery, "/api/v1/search?kind=capability&q=" + drillQuery}
	l.reads.Add(1)
	for try := range l.d.urls {
		status, _, err := l.get(l.d.urls[(n+try)%len(l.d.urls)], paths[n%len(paths)])
		if err == nil && status < 500 {
			return
		}
	}
	l.readsFailed.Add(1)
}

func (l *drillLoad) get(base, path string) (int, []byte, error) {
	return l.send(http.MethodGet, base, path, "")
}

func (l *drillLoad) send(method, base, path, body string, headers ...string) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, base+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+l.secret)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := l.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, text, err
}

// published counts the rows that the load published, acknowledged or not.
func (l *drillLoad) published() (n int) {
	l.d.t.Helper()
	for name, state := range l.rows() {
		if state == scene.Published && strings.HasPrefix(name, "量子") {
			n++
		}
	}
	return n
}

// rows reads the state of every capability by name.
func (l *drillLoad) rows() map[string]scene.State {
	l.d.t.Helper()
	all := map[string]scene.State{}
	for line := range strings.Lines(l.d.postgres.Ask(l.d.t, l.d.address, `SELECT state || '|' || (body::json->>'name') FROM capability`)) {
		state, name, _ := strings.Cut(strings.TrimSpace(line), "|")
		all[name] = scene.State(state)
	}
	return all
}

// lost counts writes that were acknowledged and are not there.
func (l *drillLoad) lost() (n int) {
	l.d.t.Helper()
	all := l.rows()
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, state := range l.names {
		if all[name] != state {
			n++
		}
	}
	return n
}
