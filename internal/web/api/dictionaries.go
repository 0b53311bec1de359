package api

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
)

// DictionaryList names the dictionaries.
type DictionaryList struct {
	Items []DictionaryHead `json:"items" nullable:"false"`
}

// DictionaryHead is a dictionary without its terms.
type DictionaryHead struct {
	Name  string `json:"name" example:"field"`
	Zh    string `json:"zh" example:"应用领域"`
	En    string `json:"en,omitempty" example:"Field of use"`
	Terms int    `json:"terms" example:"19"`
}

// Dictionary is a dictionary with its terms.
type Dictionary struct {
	DictionaryHead
	Items []Term `json:"items" nullable:"false"`
}

// Term is one code.
type Term struct {
	Code     string   `json:"code" example:"smart_transport"`
	Zh       string   `json:"zh" example:"智慧交通"`
	En       string   `json:"en,omitempty" example:"Smart transport"`
	Parent   string   `json:"parent,omitempty" doc:"Code of the broader term."`
	Synonyms []string `json:"synonyms" nullable:"false" doc:"Other ways to write it that imports understand."`
}

type dictionaryInput struct {
	Name        string `path:"name" maxLength:"64" doc:"Name of the dictionary, e.g. field."`
	IfNoneMatch string `header:"If-None-Match" doc:"ETag of the copy you hold."`
}

func (a *API) mountDictionaries() {
	head := DictionaryHead{"field", "应用领域", "Field of use", 19}
	get(a, operation{
		"list-dictionaries", "/dictionaries", edge.Visitor, tagReference,
		"字典列表 · List dictionaries", "The lists of codes that other answers use.",
		DictionaryList{Items: []DictionaryHead{head}},
	}, a.dictionaries)
	get(a, operation{
		"get-dictionary", "/dictionaries/{name}", edge.Visitor, tagReference,
		"字典 · One dictionary with its terms", "The dictionary “region” has some thousand terms.",
		Dictionary{head, []Term{{Code: "smart_transport", Zh: "智慧交通", En: "Smart transport", Synonyms: []string{"智能交通"}}}},
	}, a.dictionary)
}

func (a *API) dictionaries(context.Context, *struct{}) (*body[DictionaryList], error) {
	d, out := a.Services.Dictionaries(), &body[DictionaryList]{DictionaryList{Items: []DictionaryHead{}}}
	for _, name := range d.Names() {
		if one, ok := d.Get(name); ok {
			out.Body.Items = append(out.Body.Items, headOf(one))
		}
	}
	return out, nil
}

func (a *API) dictionary(_ context.Context, in *dictionaryInput) (*tagged[Dictionary], error) {
	d := a.Services.Dictionaries()
	one, ok := d.Get(in.Name)
	if !ok {
		return nil, &scene.Error{Code: scene.NotFound, Op: "api.dictionary", Key: "web.not_found"}
	}
	tag := `"` + d.Version() + `"`
	if (&itemInput{IfNoneMatch: in.IfNoneMatch}).holds(tag) {
		return nil, notModified(tag)
	}
	out := Dictionary{headOf(one), make([]Term, len(one.Terms))}
	for i, t := range one.Terms {
		out.Items[i] = Term{t.Code, t.Zh, t.En, t.Parent, list(t.Synonyms)}
	}
	return &tagged[Dictionary]{tag, out}, nil
}

func headOf(d scene.Dictionary) DictionaryHead {
	return DictionaryHead{d.Name, d.Zh, d.En, len(d.Terms)}
}

// Health describes the service to a client; machines that watch it use /readyz.
type Health struct {
	Status  string                `json:"status" enum:"ok,degraded" doc:"degraded: keyword search is away or incomplete."`
	Version string                `json:"version"`
	Indexes map[string]IndexState `json:"indexes"`
}

// IndexState is the state of one search index.
type IndexState struct {
	Documents int  `json:"documents"`
	Building  bool `json:"building"`
	Away      bool `json:"away,omitempty"`
}

func (a *API) mountHealth() {
	get(a, operation{
		"health", "/health", edge.Visitor, tagReference,
		"服务状态 · State of the service", "Version, and the state of the search indexes.",
		Health{"ok", "1.0.0", map[string]IndexState{"opportunity": {Documents: 120}}},
	}, a.health)
}

func (a *API) health(ctx context.Context, _ *struct{}) (*body[Health], error) {
	h := Health{Status: "ok", Version: a.Version, Indexes: map[string]IndexState{}}
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability, backend.KindOrganisation} {
		s, err := a.Services.Finder.Stats(ctx, kind)
		if err != nil || s.Building {
			h.Status = "degraded"
		}
		h.Indexes[string(kind)] = IndexState{s.Documents, s.Building, err != nil}
	}
	return &body[Health]{h}, nil
}
