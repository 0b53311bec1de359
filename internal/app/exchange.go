package app

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
	"jinghe/internal/web/api"
	"jinghe/internal/web/backend"
)

// ExchangeRequest says what to exchange with another city.
type ExchangeRequest struct {
	Format transfer.Format `json:"format,omitempty"` // of what is given: transfer.XLSX or api.ExchangeJSON
	// Site is the address of this city where no server runs that knows it.
	Site string      `json:"site,omitempty"`
	Path string      `json:"-"`
	Name string      `json:"name,omitempty"` // base name of the file that is taken in
	Lang locale.Lang `json:"lang,omitempty"` // of the reasons
}

// ExchangeTaken says what came of taking another city's lists in.
type ExchangeTaken struct {
	From      string                `json:"from"` // name of the other centre
	Created   int                   `json:"created"`
	Changed   int                   `json:"changed"`
	Unchanged int                   `json:"unchanged"`
	Withdrawn int                   `json:"withdrawn"`
	Refused   []api.ExchangeRefused `json:"refused,omitempty"`
}

func (a *App) exchanger(site string) *api.Exchanger {
	return &api.Exchanger{
		Catalogue: backend.Visitor(a.reg, a.o.Now), Registry: a.reg, Site: cmp.Or(a.cfg.PublicURL, site), Name: a.cfg.CentreName, Now: a.o.Now,
		Dictionaries: func() *scene.Dictionaries { return a.kit.Load().Dictionaries },
	}
}

// GiveExchange writes what other cities may take in.
func (a *App) GiveExchange(ctx context.Context, r ExchangeRequest, w io.Writer) (given api.Given, err error) {
	write, _, err := a.exchanger(r.Site).Give(ctx, r.Format)
	if err == nil {
		given, err = write(w)
	}
	return given, scene.Wrap("app.GiveExchange", err)
}

// TakeExchange takes in the file of another city, as the person at this machine,
// who may do what an administrator may.
func (a *App) TakeExchange(ctx context.Context, r ExchangeRequest) (taken ExchangeTaken, err error) {
	const op = "app.TakeExchange"
	info, err := os.Stat(r.Path)
	if err != nil {
		return taken, unreadable(r.Path, err)
	}
	if info.Size() > api.MaxExchange {
		return taken, &scene.Error{Code: scene.TooLarge, Op: op, Key: "file.too_large", Args: map[string]any{"file": r.Name, "limit": api.MaxExchange >> 20}}
	}
	content, err := os.ReadFile(r.Path)
	if err != nil {
		return taken, unreadable(r.Path, err)
	}
	doc, err := api.ReadExchange(ctx, r.Name, content)
	if err != nil {
		return taken, scene.Wrap(op, err)
	}
	by := scene.Actor{ID: "cli", Name: "cli", Roles: []scene.Role{scene.RoleSteward}}
	report, err := a.exchanger(r.Site).Take(ctx, by, &doc)
	taken = ExchangeTaken{From: doc.Origin.Name, Created: report.Created, Changed: report.Changed, Unchanged: report.Unchanged, Withdrawn: report.Withdrawn}
	for _, f := range report.Refused {
		taken.Refused = append(taken.Refused, api.ExchangeRefused{ID: f.ID, Name: f.Name, Reason: locale.Error(r.Lang, f.Err)})
	}
	return taken, scene.Wrap(op, err)
}

// GiveExchange has the server write. When it fails, what w received is not complete.
func (c *Client) GiveExchange(ctx context.Context, r ExchangeRequest, w io.Writer) (given api.Given, err error) {
	trailer, err := c.download(ctx, "/exchange/out", request(r), w)
	if err != nil {
		return given, err
	}
	err = json.Unmarshal([]byte(trailer.Get(writtenTrailer)), &given)
	return given, scene.Wrap("app.Client /exchange/out", err)
}

// TakeExchange sends the file at r.Path to the server.
func (c *Client) TakeExchange(ctx context.Context, r ExchangeRequest) (taken ExchangeTaken, err error) {
	f, err := os.Open(r.Path)
	if err != nil {
		return taken, unreadable(r.Path, err)
	}
	defer func() { _ = f.Close() }()
	err = c.call(ctx, http.MethodPost, "/exchange/in", request(r), f, nil, &taken)
	return taken, err
}

func (c *control) routeExchange(mux *http.ServeMux) {
	mux.HandleFunc("POST /exchange/out", c.giveExchange)
	mux.HandleFunc("POST /exchange/in", c.stream(c.takeExchange))
}

// giveExchange sends the file itself and what it holds in a trailer, as export does.
func (c *control) giveExchange(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Trailer", writtenTrailer)
	var request ExchangeRequest
	sent := &counted{Writer: w}
	err := json.Unmarshal([]byte(r.URL.Query().Get("request")), &request)
	if err == nil {
		var given api.Given
		if given, err = c.op.GiveExchange(r.Context(), request, sent); err == nil {
			raw, _ := json.Marshal(given) // numbers only
			w.Header().Set(writtenTrailer, string(raw))
			return
		}
	}
	c.refuse(w, r, sent, err)
}

func (c *control) takeExchange(r *http.Request, _ func(int, int)) (any, error) {
	var request ExchangeRequest
	if err := json.Unmarshal([]byte(r.URL.Query().Get("request")), &request); err != nil {
		return nil, &scene.Error{Code: scene.Invalid, Op: "control.exchange", Key: "error.invalid", Err: err}
	}
	path, err := c.spool(r.Body, request.Name)
	if path != "" {
		defer func() { _ = os.RemoveAll(filepath.Dir(path)) }()
	}
	if err != nil {
		return nil, err
	}
	request.Path = path
	return c.op.TakeExchange(r.Context(), request)
}
