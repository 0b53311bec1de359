package api

import (
	"context"
	"net/http"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// Showcase is a scenario that is in use (示范场景).
type Showcase struct {
	ID          scene.ID  `json:"id"`
	Revision    int       `json:"revision"`
	Name        string    `json:"name"`
	NameEn      string    `json:"name_en,omitempty"`
	SummaryEn   string    `json:"summary_en,omitempty"`
	Owner       string    `json:"owner" doc:"应用单位."`
	Provider    string    `json:"provider" doc:"技术单位."`
	Opportunity scene.ID  `json:"opportunity,omitempty" doc:"Entry it grew from."`
	Capability  scene.ID  `json:"capability,omitempty" doc:"Entry it grew from."`
	Fields      []string  `json:"fields" nullable:"false" doc:"Codes of the dictionary “field”."`
	Site        string    `json:"site,omitempty"`
	Since       string    `json:"since,omitempty" example:"2026-03"`
	Scenario    string    `json:"scenario"`
	Before      string    `json:"before,omitempty"`
	After       string    `json:"after,omitempty"`
	Figures     []Figure  `json:"figures" nullable:"false"`
	Investment  *Money    `json:"investment,omitempty"`
	Conditions  string    `json:"conditions,omitempty" doc:"复制推广条件."`
	Evidence    string    `json:"evidence,omitempty"`
	Plate       string    `json:"plate,omitempty"`
	State       string    `json:"state" enum:"draft,published,closed" doc:"Visitors are told of what is published."`
	Updated     time.Time `json:"updated"`
}

// Figure is one measure before and after.
type Figure struct {
	Name   string `json:"name" example:"处置时间"`
	Before string `json:"before,omitempty" example:"45"`
	After  string `json:"after" example:"8"`
	Unit   string `json:"unit,omitempty" example:"分钟"`
}

// ShowcasePage is one page of showcases.
type ShowcasePage struct {
	Items      []Showcase `json:"items" nullable:"false"`
	NextCursor string     `json:"next_cursor,omitempty"`
}

// ShowcaseWritten is a showcase as the centre writes it.
type ShowcaseWritten struct {
	Name        string   `json:"name" minLength:"1" maxLength:"200"`
	NameEn      string   `json:"name_en,omitempty" maxLength:"200"`
	SummaryEn   string   `json:"summary_en,omitempty" maxLength:"4000"`
	Owner       string   `json:"owner" minLength:"1" maxLength:"200" doc:"应用单位."`
	Provider    string   `json:"provider" minLength:"1" maxLength:"200" doc:"技术单位."`
	Opportunity scene.ID `json:"opportunity,omitempty" maxLength:"64" doc:"Id of the entry it grew from."`
	Capability  scene.ID `json:"capability,omitempty" maxLength:"64" doc:"Id of the entry it grew from."`
	Fields      []string `json:"fields,omitempty" nullable:"false" maxItems:"20" doc:"Codes of the dictionary “field”."`
	Site        string   `json:"site,omitempty" maxLength:"200" doc:"Where, in words."`
	Since       string   `json:"since,omitempty" pattern:"^[0-9]{4}-(0[1-9]|1[0-2])$" patternDescription:"YYYY-MM" example:"2026-03"`
	Scenario    string   `json:"scenario" minLength:"1" maxLength:"4000" doc:"场景: what it is about."`
	Before      string   `json:"before,omitempty" maxLength:"4000" doc:"应用前."`
	After       string   `json:"after,omitempty" maxLength:"4000" doc:"应用后."`
	Figures     []Figure `json:"figures,omitempty" nullable:"false" maxItems:"8"`
	Investment  *Money   `json:"investment,omitempty" doc:"What it took, as far as it may be told."`
	Conditions  string   `json:"conditions,omitempty" maxLength:"4000" doc:"复制推广条件."`
	Evidence    string   `json:"evidence,omitempty" maxLength:"4000" doc:"Where the figures come from."`
	Plate       string   `json:"plate,omitempty" maxLength:"200" doc:"示范授牌."`
}

type showcasesInput struct {
	Page
	State string `query:"state" enum:"draft,published,closed" doc:"For the centre; absent for any. Others are told of what is published."`
}

type showcaseEdit struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the showcase."`
	IfMatch string `header:"If-Match" doc:"ETag of the copy that was changed; needed."`
	Body    ShowcaseWritten
}

type showcaseStep struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the showcase."`
	IfMatch string `header:"If-Match" doc:"ETag of the copy that was looked at; needed."`
}

func exampleShowcase() Showcase {
	return Showcase{
		ID: "01J9ZD3V5W8QJ7R2K4M6N8P0C1", Revision: 2, Name: "积水点治理", Owner: "某水务集团", Provider: "某科技公司", Fields: []string{"smart_water"}, Since: "2026-03",
		Scenario: "下穿通道积水自动报警。", Figures: []Figure{{"处置时间", "45", "8", "分钟"}}, State: "published", Updated: time.Date(2026, 11, 16, 1, 0, 0, 0, time.UTC),
	}
}

func (a *API) mountShowcases() {
	const one = "/showcases/{id}"
	get(a, operation{
		"list-showcases", "/showcases", edge.Visitor, tagLists, "示范案例 · Showcases, the one last changed first",
		"A token of the centre with the scope publish is told of drafts and of closed ones too.",
		ShowcasePage{Items: []Showcase{exampleShowcase()}},
	}, a.showcases)
	get(a, operation{"get-showcase", one, edge.Visitor, tagLists, "示范案例 · One showcase", "", exampleShowcase()}, a.showcase)
	if a.Services.Accounts == nil {
		return
	}
	s, may := exampleShowcase(), edge.May(scene.ShowcaseManage)
	written := ShowcaseWritten{
		Name: s.Name, Owner: s.Owner, Provider: s.Provider, Fields: s.Fields, Since: s.Since, Scenario: s.Scenario, Figures: s.Figures,
	}
	draft := s
	draft.State, draft.Revision = "draft", 1
	change(a, http.MethodPost, http.StatusCreated, written, operation{
		"create-showcase", "/showcases", may, tagLists, "新建案例 · Begin a showcase", "A draft, which visitors do not see.", draft,
	}, a.createShowcase)
	change(a, http.MethodPut, http.StatusOK, written, operation{
		"replace-showcase", one, may, tagLists, "修改案例 · Change a showcase",
		"If-Match is needed. Its state stays: what is published changes for visitors at once.", s,
	}, func(ctx context.Context, in *showcaseEdit) (*stored[Showcase], error) {
		return a.changeShowcase(ctx, in.ID, in.IfMatch, func(x *scene.Showcase) error { return in.Body.into(x, a.Services.Dictionaries()) })
	})
	for _, step := range []struct {
		name, summary string
		to            scene.State
	}{
		{"publish", "发布案例 · Show a showcase to visitors", scene.Published},
		{"withdraw", "撤回案例 · Make a draft of it again", scene.Draft},
		{"close", "下架案例 · Take a showcase down for good", scene.Closed},
	} {
		s.State = string(step.to)
		change(a, http.MethodPost, http.StatusOK, nil, operation{
			step.name + "-showcase", one + "/" + step.name, may, tagLists, step.summary, "If-Match is needed.", s,
		}, func(ctx context.Context, in *showcaseStep) (*stored[Showcase], error) {
			return a.changeShowcase(ctx, in.ID, in.IfMatch, func(x *scene.Showcase) error { x.State = step.to; return nil })
		})
	}
}

func (a *API) showcases(ctx context.Context, in *showcasesInput) (*body[ShowcasePage], error) {
	read, state := a.Services.Catalogue.Showcases, scene.Published
	if a.manages(ctx, scene.ShowcaseManage) {
		read, state = a.Services.Registry.Showcases, scene.State(in.State)
	}
	rows, err := read(ctx, state, in.store())
	if err != nil {
		return nil, scene.Wrap("api.showcases", err)
	}
	out := &body[ShowcasePage]{ShowcasePage{Items: make([]Showcase, len(rows.Items)), NextCursor: rows.Next}}
	for i := range rows.Items {
		out.Body.Items[i] = showcaseOf(&rows.Items[i])
	}
	return out, nil
}

func (a *API) showcase(ctx context.Context, in *itemInput) (*tagged[Showcase], error) {
	read := a.Services.Catalogue.Showcase
	if a.manages(ctx, scene.ShowcaseManage) {
		read = a.Services.Registry.Showcase
	}
	row, err := read(ctx, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.showcase", err)
	}
	tag := showcaseTag(&row)
	if in.holds(tag) {
		return nil, notModified(tag)
	}
	return &tagged[Showcase]{tag, showcaseOf(&row)}, nil
}

// showcaseTag names the state of a showcase. Which of its entries can be opened
// changes without it.
func showcaseTag(s *scene.Showcase) string {
	return etag(s.Revision, s.Opportunity != "" || s.Capability != "")
}

func (a *API) createShowcase(ctx context.Context, in *struct{ Body ShowcaseWritten }) (*stored[Showcase], error) {
	s := scene.Showcase{State: scene.Draft}
	if err := in.Body.into(&s, a.Services.Dictionaries()); err != nil {
		return nil, err
	}
	out, err := a.saveShowcase(ctx, s)
	if err != nil {
		return nil, scene.Wrap("api.createShowcase", err)
	}
	out.Status, out.Location = http.StatusCreated, a.PublicURL+Prefix+"/showcases/"+string(out.Body.ID)
	return out, nil
}

func (a *API) saveShowcase(ctx context.Context, s scene.Showcase) (*stored[Showcase], error) {
	saved, err := a.Services.Registry.SaveShowcase(ctx, actorOf(ctx), s)
	if err != nil {
		return nil, stale(err)
	}
	return &stored[Showcase]{Status: http.StatusOK, ETag: showcaseTag(&saved), Body: showcaseOf(&saved)}, nil
}

func (a *API) changeShowcase(ctx context.Context, id, ifMatch string, change func(*scene.Showcase) error) (*stored[Showcase], error) {
	s, err := a.Services.Registry.Showcase(ctx, scene.ID(id))
	if err == nil {
		err = current(ctx, ifMatch, s.Revision)
	}
	if err == nil {
		err = change(&s)
	}
	if err != nil {
		return nil, scene.Wrap("api.changeShowcase", err)
	}
	out, err := a.saveShowcase(ctx, s)
	return out, scene.Wrap("api.changeShowcase", err)
}

// into writes what was sent over s.
func (w *ShowcaseWritten) into(s *scene.Showcase, d *scene.Dictionaries) error {
	s.Name, s.NameEn, s.Summary, s.Owner, s.Provider = w.Name, w.NameEn, w.SummaryEn, w.Owner, w.Provider
	s.Opportunity, s.Capability, s.Fields, s.Site, s.Since = w.Opportunity, w.Capability, w.Fields, w.Site, w.Since
	s.Scenario, s.Before, s.After, s.Conditions, s.Evidence, s.Plate = w.Scenario, w.Before, w.After, w.Conditions, w.Evidence, w.Plate
	s.Investment, s.Figures = rangeOf(w.Investment), nil
	for _, f := range w.Figures {
		s.Figures = append(s.Figures, scene.Figure(f))
	}
	return codes{"fields": {scene.DictField, w.Fields}}.unknown(d)
}

func showcaseOf(s *scene.Showcase) Showcase {
	out := Showcase{
		ID: s.ID, Revision: s.Revision, Name: s.Name, NameEn: s.NameEn, SummaryEn: s.Summary, Owner: s.Owner, Provider: s.Provider,
		Opportunity: s.Opportunity, Capability: s.Capability, Fields: list(s.Fields), Site: s.Site, Since: s.Since, Scenario: s.Scenario,
		Before: s.Before, After: s.After, Figures: []Figure{}, Investment: moneyOf(s.Investment), Conditions: s.Conditions,
		Evidence: s.Evidence, Plate: s.Plate, State: string(s.State), Updated: s.Updated,
	}
	for _, f := range s.Figures {
		out.Figures = append(out.Figures, Figure(f))
	}
	return out
}
