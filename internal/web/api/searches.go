package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/standing"
	"jinghe/internal/web/edge"
)

const tagSearches = "searches"

// SearchAsked is what a saved search asks for and how it tells.
type SearchAsked struct {
	Name           string   `json:"name" minLength:"1" maxLength:"200" doc:"For its owner."`
	Wants          string   `json:"wants" enum:"opportunity,capability" doc:"The kind of entry asked for."`
	Words          string   `json:"words,omitempty" maxLength:"200" doc:"All of them have to stand in the entry, each as typed or as a synonym."`
	Text           string   `json:"text,omitempty" maxLength:"8000" doc:"A description; an entry answers that has a good part of its telling words."`
	Fields         []string `json:"fields,omitempty" maxItems:"20" doc:"Codes of the dictionary field, one of which will do."`
	Regions        []string `json:"regions,omitempty" maxItems:"20" doc:"Codes of divisions, one of which will do."`
	Modes          []string `json:"modes,omitempty" maxItems:"20" doc:"Codes of the dictionary mode."`
	Money          *Money   `json:"money,omitempty" doc:"The budget at hand where capabilities are wanted, the price where opportunities are."`
	Months         *Months  `json:"months,omitempty" doc:"Time to wait, or to deliver, likewise."`
	Maturity       *TRL     `json:"maturity,omitempty" doc:"What is asked of a capability, or had to offer."`
	Qualifications []string `json:"qualifications,omitempty" maxItems:"20" doc:"Codes of titles that a provider must hold, or holds."`
	Tell           string   `json:"tell,omitempty" enum:"at_once,daily,weekly" doc:"How soon the inbox tells; absent for not at all."`
	Paused         bool     `json:"paused,omitempty"`
}

// SavedSearch is a search that its owner keeps.
type SavedSearch struct {
	ID       scene.ID `json:"id"`
	Revision int      `json:"revision" doc:"Rises with every change; the ETag holds it."`
	SearchAsked
	Fresh   int        `json:"fresh" doc:"Entries found since its owner looked at its page."`
	Told    *time.Time `json:"told,omitempty" doc:"When the inbox told of it last."`
	Created time.Time  `json:"created"`
	Updated time.Time  `json:"updated"`
}

// SavedSearchPage is one page of saved searches.
type SavedSearchPage struct {
	Items      []SavedSearch `json:"items" nullable:"false"`
	NextCursor string        `json:"next_cursor,omitempty"`
}

// FoundPage is one page of what a saved search found.
type FoundPage struct {
	Wants      string     `json:"wants" enum:"opportunity,capability" doc:"The kind of the entries."`
	Items      []scene.ID `json:"items" nullable:"false" doc:"Ids, the latest found first; some may not be public any more."`
	NextCursor string     `json:"next_cursor,omitempty"`
}

type keepInput struct{ Body SearchAsked }

type searchEdit struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the search."`
	IfMatch string `header:"If-Match" doc:"ETag of the copy that was changed; needed."`
	Body    SearchAsked
}

type foundInput struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the search."`
	Page
}

type searchID struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the search."`
}

func exampleSaved() SavedSearch {
	at := time.Date(2026, 5, 8, 1, 0, 0, 0, time.UTC)
	return SavedSearch{ID: "01J9ZD3V5W8QJ7R2K4M6N8P0S7", Revision: 1, SearchAsked: exampleAsked(), Fresh: 2, Created: at, Updated: at}
}

func exampleAsked() SearchAsked {
	return SearchAsked{Name: "积水监测", Wants: "capability", Words: "积水 监测", Fields: []string{"smart_water"}, Regions: []string{"320200"}, Tell: "daily"}
}

// mountSearches registers what the owner of a token keeps asking.
func (a *API) mountSearches() {
	const base, one = "/searches", "/searches/{id}"
	may := edge.May(scene.SearchKeep)
	get(a, operation{
		"list-searches", base, may, tagSearches, "订阅列表 · List saved searches", "Those of the owner of the token, in order of id.",
		SavedSearchPage{Items: []SavedSearch{exampleSaved()}},
	}, a.listSearches)
	change(a, http.MethodPost, http.StatusCreated, exampleAsked(), operation{
		"create-search", base, may, tagSearches, "新建订阅 · Keep a search",
		"Entries that are published, changed or released from now on and answer it are told once each. At least one of words, text, fields and regions is needed.", exampleSaved(),
	}, a.createSearch)
	get(a, operation{"get-search", one, may, tagSearches, "订阅 · One saved search", "", exampleSaved()}, a.savedSearch)
	change(a, http.MethodPut, http.StatusOK, exampleAsked(), operation{
		"replace-search", one, may, tagSearches, "修改订阅 · Change a saved search", "If-Match is needed; 412 says that it was changed meanwhile.", exampleSaved(),
	}, a.replaceSearch)
	change(a, http.MethodDelete, http.StatusOK, nil, operation{
		"delete-search", one, may, tagSearches, "删除订阅 · Delete a saved search and what it found", "Answers with what was deleted.", exampleSaved(),
	}, a.deleteSearch)
	get(a, operation{
		"list-found", one + "/found", may, tagSearches, "找到的条目 · What a saved search found", "Reading it here does not count as looked at.",
		FoundPage{Wants: "capability", Items: []scene.ID{"01J9ZD3V5W8QJ7R2K4M6N8P0Q4"}},
	}, a.found)
}

func searchOf(k *standing.Kept) SavedSearch {
	q := &k.SavedSearch
	out := SavedSearch{
		ID: q.ID, Revision: q.Revision, Fresh: k.State.Fresh, Told: instant(k.State.Told), Created: q.Created, Updated: q.Updated,
		SearchAsked: SearchAsked{
			Name: q.Name, Wants: string(q.Wants), Words: q.Words, Text: q.Text, Fields: q.Fields, Regions: q.Regions, Modes: q.Modes,
			Money: moneyOf(q.Money), Months: monthsOf(q.Months), Qualifications: q.Qualifications, Tell: string(q.Tell), Paused: q.Paused,
		},
	}
	if q.Maturity.Known() {
		out.Maturity = &TRL{q.Maturity.Min, q.Maturity.Max}
	}
	return out
}

// into writes what is asked over q.
func (s *SearchAsked) into(q *scene.SavedSearch) {
	q.Name, q.Wants, q.Words, q.Text = s.Name, scene.Kind(s.Wants), s.Words, s.Text
	q.Fields, q.Regions, q.Modes, q.Qualifications = s.Fields, s.Regions, s.Modes, s.Qualifications
	q.Money, q.Months, q.Tell, q.Paused = rangeOf(s.Money), periodOf(s.Months), scene.Pace(s.Tell), s.Paused
	q.Maturity = scene.Maturity{}
	if s.Maturity != nil {
		q.Maturity = scene.Maturity{Min: s.Maturity.Min, Max: s.Maturity.Max}
	}
}

func searchTag(revision int) string { return `"` + strconv.Itoa(revision) + `"` }

func (a *API) listSearches(ctx context.Context, in *Page) (*body[SavedSearchPage], error) {
	rows, err := a.Services.Searches.List(ctx, actorOf(ctx), in.store())
	if err != nil {
		return nil, scene.Wrap("api.listSearches", err)
	}
	out := &body[SavedSearchPage]{SavedSearchPage{Items: make([]SavedSearch, len(rows.Items)), NextCursor: rows.Next}}
	for i := range rows.Items {
		out.Body.Items[i] = searchOf(&rows.Items[i])
	}
	return out, nil
}

func (a *API) createSearch(ctx context.Context, in *keepInput) (*stored[SavedSearch], error) {
	var q scene.SavedSearch
	in.Body.into(&q)
	out, err := a.saveSearch(ctx, q)
	if err != nil {
		return nil, scene.Wrap("api.createSearch", err)
	}
	out.Status = http.StatusCreated
	out.Location = a.PublicURL + Prefix + "/searches/" + string(out.Body.ID)
	return out, nil
}

func (a *API) saveSearch(ctx context.Context, q scene.SavedSearch) (*stored[SavedSearch], error) {
	saved, err := a.Services.Searches.Save(ctx, actorOf(ctx), q)
	if err != nil {
		return nil, err
	}
	k, err := a.Services.Searches.Get(ctx, actorOf(ctx), saved.ID)
	if err != nil {
		return nil, err
	}
	return &stored[SavedSearch]{Status: http.StatusOK, ETag: searchTag(k.Revision), Body: searchOf(&k)}, nil
}

func (a *API) savedSearch(ctx context.Context, in *searchID) (*tagged[SavedSearch], error) {
	k, err := a.Services.Searches.Get(ctx, actorOf(ctx), scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.search", err)
	}
	return &tagged[SavedSearch]{searchTag(k.Revision), searchOf(&k)}, nil
}

func (a *API) replaceSearch(ctx context.Context, in *searchEdit) (*stored[SavedSearch], error) {
	if in.IfMatch == "" {
		return nil, edge.ProblemAs(ctx, http.StatusPreconditionRequired, scene.Precondition, edge.Text(ctx, "api.if_match"))
	}
	k, err := a.Services.Searches.Get(ctx, actorOf(ctx), scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.replaceSearch", err)
	}
	if !holdsTag(in.IfMatch, searchTag(k.Revision)) {
		return nil, &scene.Error{Code: scene.Precondition, Op: "api.replaceSearch", Key: "api.stale"}
	}
	q := k.SavedSearch
	in.Body.into(&q)
	out, err := a.saveSearch(ctx, q)
	if err != nil {
		return nil, scene.Wrap("api.replaceSearch", stale(err))
	}
	return out, nil
}

// holdsTag reports whether a list of tags names one, or any.
func holdsTag(list, tag string) bool {
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimSpace(one); one == "*" || one == tag {
			return true
		}
	}
	return false
}

func (a *API) deleteSearch(ctx context.Context, in *searchID) (*body[SavedSearch], error) {
	k, err := a.Services.Searches.Get(ctx, actorOf(ctx), scene.ID(in.ID))
	if err == nil {
		err = a.Services.Searches.Delete(ctx, actorOf(ctx), k.ID)
	}
	if err != nil {
		return nil, scene.Wrap("api.deleteSearch", err)
	}
	return &body[SavedSearch]{searchOf(&k)}, nil
}

func (a *API) found(ctx context.Context, in *foundInput) (*body[FoundPage], error) {
	k, err := a.Services.Searches.Get(ctx, actorOf(ctx), scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.found", err)
	}
	rows, err := a.Services.Searches.Found(ctx, actorOf(ctx), k.ID, in.store())
	if err != nil {
		return nil, scene.Wrap("api.found", err)
	}
	return &body[FoundPage]{FoundPage{Wants: string(k.Wants), Items: list(rows.Items), NextCursor: rows.Next}}, nil
}
