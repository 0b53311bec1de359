package web_test

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/attach"
	"jinghe/internal/convene"
	"jinghe/internal/engage"
	"jinghe/internal/learning"
	"jinghe/internal/locale"
	"jinghe/internal/notify"
	"jinghe/internal/notify/outbound"
	"jinghe/internal/registry"
	"jinghe/internal/repeat"
	"jinghe/internal/scene"
	"jinghe/internal/standing"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
	"jinghe/internal/web"
	"jinghe/internal/web/backend"
)

const testPassword = "the river is high in may"

// office is a server that people can sign in to, over a store of its own.
type office struct {
	*web.Server
	t        *testing.T
	accounts *account.Service
	registry *registry.Registry
	fairs    *convene.Service
	rows     store.Store
	org      scene.ID
	config   web.Config
	services backend.Services
}

// elsewhere serves the office anew, with another system at which people sign in.
func (o *office) elsewhere(g backend.SignOn) {
	o.t.Helper()
	o.services.SignOn = g
	var err error
	if o.Server, err = web.New(o.config, o.services); err != nil {
		o.t.Fatal(err)
	}
}

// newest is the login of an account that waits for the centre.
func (o *office) newest() string {
	o.t.Helper()
	rows, err := o.accounts.Accounts(o.t.Context(), scene.Console(), store.AccountFilter{State: scene.AccountPending}, store.Page{})
	if err != nil || len(rows.Items) == 0 {
		o.t.Fatalf("nobody waits: %v", err)
	}
	return rows.Items[len(rows.Items)-1].Login
}

func newOffice(t *testing.T, change ...func(*web.Config, *account.Config)) *office {
	t.Helper()
	return newOfficeWith(t, func(*backend.Services) {}, change...)
}

// newOfficeWith is newOffice with other services.
func newOfficeWith(t *testing.T, other func(*backend.Services), change ...func(*web.Config, *account.Config)) *office {
	t.Helper()
	rows, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "city.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rows.Close() })
	o := &office{t: t, rows: rows, org: "OWN"}
	ids := scene.NewIDMaker(today, rand.Reader)
	s := &setup{city: newCity(t), log: &journal{}}
	config := s.config(time.Minute)
	service := account.Config{Store: rows, IDs: ids, Now: today, Random: rand.Reader, Log: slog.New(slog.DiscardHandler), StaffByPassword: true}
	for _, f := range change {
		f(&config, &service)
	}
	if o.accounts, err = account.New(service); err != nil {
		t.Fatal(err)
	}
	o.registry = registry.New(rows, ids, today)
	services := s.services()
	services.Notices = notify.New(notify.Config{Store: rows, IDs: ids, Now: today, Random: rand.Reader, Log: service.Log, Poster: outbound.New(nil)})
	services.Repeats = repeat.New(rows, today)
	services.Accounts, services.Registry, services.Workbench, services.Intake = o.accounts, o.registry, bench{}, counter{}
	services.Drafting = writer{}
	services.Files = attach.New(rows, ids, today)
	services.Learning = learning.New(rows, ids, today)
	other(&services)
	services.Searches = standing.New(standing.Config{Store: rows, IDs: ids, Now: today, Dictionaries: services.Dictionaries})
	services.Engagements = engage.New(rows, ids, today)
	o.fairs = convene.New(convene.Config{Store: rows, IDs: ids, Now: config.Now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(o.fairs.Close)
	services.Fairs = o.fairs
	o.config, o.services = config, services
	if o.Server, err = web.New(config, services); err != nil {
		t.Fatal(err)
	}
	o.organisation(o.org, "某某科技有限公司", "91350100M000100Y43")
	return o
}

func (o *office) organisation(id scene.ID, name string, code scene.CreditCode) {
	o.t.Helper()
	err := o.rows.Update(o.t.Context(), func(tx store.Tx) error {
		_, err := tx.Organisations().Put(o.t.Context(), scene.Organisation{ID: id, Name: name, CreditCode: code})
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// publish takes a draft all the way.
func (o *office) publish(e registry.Entry) {
	o.t.Helper()
	ctx, steward := o.t.Context(), scene.Actor{ID: "steward", Roles: []scene.Role{scene.RoleSteward}}
	s := registry.Step{Kind: e.Kind(), ID: e.Listing().ID, Revision: e.Listing().Revision}
	take := o.registry.Submit
	for _, to := range []scene.State{scene.Submitted, scene.FormalReview, scene.DepartmentReview, scene.Published} {
		s.To = to
		done, err := take(ctx, steward, s)
		if err != nil {
			o.t.Fatal(err)
		}
		s.Revision, take = done.Listing().Revision, o.registry.Review
	}
}

// person makes an account and returns it.
func (o *office) person(role scene.Role) scene.Account {
	o.t.Helper()
	n := account.NewAccount{Login: string(role), Name: "某人", Roles: []scene.Role{role}, Department: "数据局", Password: testPassword}
	if role.Enterprise() {
		n.OrgID = o.org
	}
	a, _, err := o.accounts.Add(o.t.Context(), scene.Console(), n)
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

// browser keeps cookies, as a browser does.
type browser struct {
	*office
	cookies map[string]*http.Cookie
	from    string
}

func (o *office) browser() *browser {
	return &browser{office: o, cookies: map[string]*http.Cookie{}, from: "192.0.2.7:4711"}
}

// as is a browser in which the role is signed in.
func (o *office) as(role scene.Role) *browser {
	o.t.Helper()
	o.person(role)
	return o.in(string(role))
}

// in is a browser in which an account is signed in.
func (o *office) in(login string) *browser {
	o.t.Helper()
	b := o.browser()
	token, err := o.accounts.SignIn(o.t.Context(), account.Attempt{Login: login, Password: testPassword, From: "192.0.2.7"})
	if err != nil {
		o.t.Fatal(err)
	}
	b.cookies["jinghe_session"] = &http.Cookie{Name: "jinghe_session", Value: token}
	return b
}

func (b *browser) send(r *http.Request) *httptest.ResponseRecorder {
	b.t.Helper()
	r.RemoteAddr = b.from
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.Handler().ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
			continue
		}
		b.cookies[c.Name] = c
	}
	return w
}

func (b *browser) get(path string) *httptest.ResponseRecorder {
	b.t.Helper()
	return b.send(httptest.NewRequestWithContext(b.t.Context(), http.MethodGet, path, nil))
}

// token is the token of the forms on a page.
func (b *browser) token(path string) string {
	b.t.Helper()
	w := b.get(path)
	for _, in := range parse(b.t, path, w.Body.String()).all("input") {
		if attr(in, "name") == "form_token" {
			return attr(in, "value")
		}
	}
	b.t.Fatalf("%s has no form: %d", path, w.Code)
	return ""
}

func (b *browser) post(path string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.send(r)
}

// fill posts a form with the token of the page it stands on.
func (b *browser) fill(page, path string, form url.Values) *httptest.ResponseRecorder {
	b.t.Helper()
	form.Set("form_token", b.token(page))
	return b.post(path, form)
}

func credentials(login, password string, more ...string) url.Values {
	v := url.Values{"login": {login}, "password": {password}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

// draft makes an entry of the office's organisation that is ready to be handed in.
func (o *office) draft(by scene.Actor) registry.Entry {
	o.t.Helper()
	e, err := o.registry.Create(o.t.Context(), by, registry.Entry{Capability: &scene.Capability{
		Listing: scene.Listing{
			Name: "管网漏损定位", Fields: []string{"smart_water"}, Contact: scene.Contact{Person: secretPerson, Phone: secretPhone},
		},
		Description: "分布式光纤声学监测系统，单机覆盖四十公里管线。",
	}})
	if err != nil {
		o.t.Fatal(err)
	}
	return e
}

// tlsState is what a request over TLS has.
func tlsState() *tls.ConnectionState { return &tls.ConnectionState{HandshakeComplete: true} }

// bench is a workbench at which nothing was edited yet.
type bench struct{ backend.Workbench }

// Vocabulary is empty.
func (bench) Vocabulary(context.Context) (scene.Vocabulary, error) { return scene.Vocabulary{}, nil }

// counter takes nothing in: it refuses and knows nothing, as the real one does.
type counter struct{ backend.Intake }

// Uploads is empty.
func (counter) Uploads(context.Context, scene.Actor) ([]scene.Upload, error) { return nil, nil }

// Jobs is empty.
func (counter) Jobs(context.Context, scene.Actor) ([]scene.Import, error) { return nil, nil }

// Upload knows none.
func (counter) Upload(context.Context, scene.Actor, scene.ID) (backend.Received, error) {
	return backend.Received{}, &scene.Error{Code: scene.NotFound, Key: "upload.not_found"}
}

// Marked knows none.
func (counter) Marked(context.Context, scene.Actor, scene.ID, locale.Lang, io.Writer) (string, error) {
	return "", &scene.Error{Code: scene.NotFound, Key: "upload.not_found"}
}
