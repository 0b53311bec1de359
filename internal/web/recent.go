package web

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/web/edge"
)

const (
	// recentFor is how long a page for visitors is given out again: too short to be
	// noticed, and long enough that a page which everybody opens at the same time,
	// because its address went round, is made once a second and not for each of them.
	recentFor = time.Second
	// recentPages and recentSize bound how many pages are kept, and of what size in bytes.
	recentPages, recentSize = 500, 256 << 10
)

// recentKey is everything that a page for a visitor depends on besides the rows.
type recentKey struct {
	host, address string
	lang          string
	prefs         edge.Preferences
	written       uint64 // see Services.Written
}

// recent keeps pages for visitors for a moment. It is safe for concurrent use.
type recent struct {
	now func() time.Time

	mu    sync.Mutex
	pages map[recentKey]*answer
}

// answer is a page. What it holds is not touched again once made is closed.
type answer struct {
	made chan struct{}
	at   time.Time
	ok   bool // it may be given out again

	status int
	header http.Header
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

// give writes the page as an answer of its own. Several are given at a time, so
// that what is added to the headers of one must not reach those of another.
func (a *answer) give(w http.ResponseWriter) error {
	for name, values := range a.header {
		w.Header()[name] = slices.Clip(values)
	}
	w.WriteHeader(a.status)
	_, err := w.Write(a.body.Bytes())
	return err
}

func newRecent(now func() time.Time) *recent {
	return &recent{now: now, pages: map[recentKey]*answer{}}
}

// find returns the page under a key, and whether it is for the caller to make.
func (r *recent) find(key recentKey) (a *answer, mine bool) {
	now := r.now()
	old := func(a *answer) bool { return now.Before(a.at) || now.Sub(a.at) >= recentFor }
	r.mu.Lock()
	defer r.mu.Unlock()
	if a = r.pages[key]; a != nil && !old(a) {
		return a, false
	}
	if len(r.pages) >= recentPages {
		maps.DeleteFunc(r.pages, func(_ recentKey, a *answer) bool { return old(a) })
	}
	a = &answer{made: make(chan struct{}), at: now, header: http.Header{}, status: http.StatusOK}
	if len(r.pages) < recentPages {
		r.pages[key] = a
	}
	return a, true
}

// forget gives up a page that is not to be given out again, with what it holds.
func (r *recent) forget(key recentKey, page *answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pages[key] == page {
		delete(r.pages, key)
	}
}

// recently gives visitors the page that another one was given a moment ago.
// Whoever has a session or fills in a form gets a page of his own.
func (s *Server) recently(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, who := c.Request(), edge.From(c.Request().Context())
		if s.services.Written == nil || r.Method != http.MethodGet || who.Session != "" || who.Form != "" {
			return next(c)
		}
		key := recentKey{
			host: c.Scheme() + "://" + r.Host, address: r.URL.RequestURI(),
			lang: string(who.Lang), prefs: who.Prefs, written: s.services.Written(),
		}
		page, mine := s.recent.find(key)
		if mine {
			err := page.make(c, next)
			if !page.ok {
				s.recent.forget(key, page)
			}
			if err != nil {
				return err
			}
			return page.give(c.Response())
		}
		select {
		case <-page.made:
		case <-r.Context().Done():
			return r.Context().Err()
		}
		if !page.ok {
			return next(c)
		}
		return page.give(c.Response())
	}
}

// make has a handler write the page. Those who wait have it from then on: whoever
// asked first may be slow to take his.
func (a *answer) make(c echo.Context, next echo.HandlerFunc) error {
	defer close(a.made)
	to := c.Response()
	c.SetResponse(echo.NewResponse(a, c.Echo()))
	defer c.SetResponse(to)
	if err := next(c); err != nil {
		return err
	}
	a.ok = a.status == http.StatusOK && a.body.Len() <= recentSize && len(a.header["Set-Cookie"]) == 0
	return nil
}
