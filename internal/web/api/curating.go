package api

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

const tagCurating = "curating"

// Mark pins a pair of an opportunity and a capability, or takes it out of all lists of matches.
type Mark struct {
	Opportunity scene.ID  `json:"opportunity"`
	Capability  scene.ID  `json:"capability"`
	Mark        string    `json:"mark" enum:"pinned,excluded"`
	Reason      string    `json:"reason,omitempty"`
	At          time.Time `json:"at"`
	Actor       string    `json:"actor,omitempty" doc:"The account that set it."`
}

// MarkList is the marks of one entry.
type MarkList struct {
	Items []Mark `json:"items" nullable:"false"`
}

// MarkSet sets a mark or takes it away.
type MarkSet struct {
	Opportunity scene.ID `json:"opportunity" minLength:"1" maxLength:"64"`
	Capability  scene.ID `json:"capability" minLength:"1" maxLength:"64"`
	Mark        string   `json:"mark" enum:"pinned,excluded,none" doc:"none takes the mark away. No pin lifts a condition that either side made."`
	Reason      string   `json:"reason,omitempty" maxLength:"500" doc:"Needed to take a pair out."`
}

type marksInput struct {
	Opportunity string `query:"opportunity" maxLength:"64" doc:"Id of an opportunity; this or a capability is needed."`
	Capability  string `query:"capability" maxLength:"64" doc:"Id of a capability."`
}

// Word is a word of the lexicon that the centre added.
type Word struct {
	Word     string   `json:"word" minLength:"1" maxLength:"40"`
	Synonyms []string `json:"synonyms,omitempty" nullable:"false" maxItems:"50"`
	Pinyin   string   `json:"pinyin,omitempty" maxLength:"200"`
	Use      string   `json:"use,omitempty" enum:"stop,exclude" doc:"stop: it says little by itself; exclude: texts are cut as if it did not exist."`
}

// Crosswalk joins the codes of two dictionaries.
type Crosswalk struct {
	From  string       `json:"from" doc:"Name of a dictionary."`
	To    string       `json:"to" doc:"Name of a dictionary."`
	Links []scene.Link `json:"links" nullable:"false"`
}

// Vocabulary is what the centre may edit of what matching and search read by.
type Vocabulary struct {
	Words      []Word      `json:"words" nullable:"false" doc:"Those that were added to the built-in lexicon."`
	Crosswalks []Crosswalk `json:"crosswalks" nullable:"false"`
}

// Joint is a link together with the crosswalk that it belongs to.
type Joint struct {
	FromDictionary string  `json:"from_dictionary" minLength:"1" maxLength:"64"`
	ToDictionary   string  `json:"to_dictionary" minLength:"1" maxLength:"64"`
	From           string  `json:"from" minLength:"1" maxLength:"64"`
	To             string  `json:"to" minLength:"1" maxLength:"64"`
	Weight         float64 `json:"weight,omitempty" minimum:"0" maximum:"1" doc:"How far one implies the other; not needed to take a link out."`
}

// Amendment is one small edit. Exactly one member is given.
type Amendment struct {
	Put  *Word  `json:"put,omitempty" doc:"Add a word, or replace the one that is written the same."`
	Drop string `json:"drop,omitempty" maxLength:"40" doc:"Take an added word back."`
	Join *Joint `json:"join,omitempty" doc:"Add a link, or change its weight."`
	Part *Joint `json:"part,omitempty" doc:"Take a link out."`
}

// Alike is two organisations that may be one.
type Alike struct {
	First  Organisation `json:"first"`
	Second Organisation `json:"second"`
	Why    []string     `json:"why" nullable:"false" enum:"name,part,phone,mail" doc:"What both share."`
}

// AlikeList is the pairs that are likeliest.
type AlikeList struct {
	Items []Alike `json:"items" nullable:"false"`
}

// Merger makes one organisation of two.
type Merger struct {
	Keep         scene.ID `json:"keep" minLength:"1" maxLength:"64" doc:"The one that stays."`
	KeepRevision int      `json:"keep_revision" minimum:"1" doc:"As it was looked at."`
	Drop         scene.ID `json:"drop" minLength:"1" maxLength:"64" doc:"The one that goes; its address leads on."`
	DropRevision int      `json:"drop_revision" minimum:"1" doc:"As it was looked at."`
	Take         []string `json:"take,omitempty" nullable:"false" maxItems:"7" enum:"name,name_en,kind,region,address,profile,founded" doc:"Fields whose value is that of the one that goes."`
	Person       bool     `json:"take_contact,omitempty" doc:"Take whom to talk to from the one that goes; nobody is told here who that is."`
	Reason       string   `json:"reason" minLength:"1" maxLength:"200"`
}

func exampleMark() Mark {
	return Mark{exampleOpportunity().ID, exampleCapability().ID, "pinned", "已现场验证", exampleCapability().Updated, string(exampleAccount().ID)}
}

// mountCurating registers what the centre does to the market beside the entries.
func (a *API) mountCurating() {
	may, m := edge.May(scene.PairMark), exampleMark()
	get(a, operation{"list-marks", "/marks", may, tagCurating, "置顶与排除 · Pins and exclusions of an entry", "", MarkList{[]Mark{m}}}, a.marks)
	change(a, http.MethodPost, http.StatusOK, MarkSet{m.Opportunity, m.Capability, m.Mark, m.Reason}, operation{
		"set-mark", "/marks", may, tagCurating, "置顶或排除 · Pin a pair, take it out, or take the mark away",
		"It outlasts every recomputation. The answer is the marks of the opportunity.",
		MarkList{[]Mark{m}},
	}, a.setMark)

	may = edge.May(scene.VocabularyEdit)
	words := Vocabulary{
		Words:      []Word{{Word: "管网漏损", Synonyms: []string{"漏水"}}},
		Crosswalks: []Crosswalk{{"industry", "field", []scene.Link{{From: "iot", To: "smart_water", Weight: 0.4}}}},
	}
	get(a, operation{"get-vocabulary", "/vocabulary", may, tagCurating, "词库与对照 · Added words and crosswalks in force", "", words}, a.vocabulary)
	change(a, http.MethodPost, http.StatusOK, Amendment{Put: &words.Words[0]}, operation{
		"amend-vocabulary", "/vocabulary", may, tagCurating, "修改词库或对照 · One edit of words or crosswalks",
		"Search and matching follow within moments. The answer is what is then in force.", words,
	}, a.amend)

	may = edge.May(scene.OrganisationMerge)
	second := exampleOrganisation()
	second.ID, second.Name, second.Revision = "01J9ZD3V5W8QJ7R2K4M6N8P0B7", "示例光感科技", 1
	get(a, operation{
		"list-alike-organisations", "/organisations/alike", may, tagCurating, "疑似重复单位 · Pairs of organisations that may be one", "The likeliest twelve.",
		AlikeList{[]Alike{{exampleOrganisation(), second, []string{"name"}}}},
	}, a.alike)
	change(a, http.MethodPost, http.StatusOK, Merger{
		Keep: exampleOrganisation().ID, KeepRevision: 2, Drop: second.ID, DropRevision: 1, Reason: "同一家企业",
	}, operation{
		"merge-organisations", "/organisations/merge", may, tagCurating, "合并单位 · Make one organisation of two that are the same",
		"Every row goes to the one that stays. It cannot be undone.", exampleOrganisation(),
	}, a.merge)
}

func (a *API) marks(ctx context.Context, in *marksInput) (*body[MarkList], error) {
	switch {
	case in.Opportunity != "" && in.Capability == "":
		return a.marksOf(ctx, scene.KindOpportunity, in.Opportunity)
	case in.Capability != "" && in.Opportunity == "":
		return a.marksOf(ctx, scene.KindCapability, in.Capability)
	}
	return nil, &scene.Error{Code: scene.Invalid, Op: "api.marks", Key: "api.one_of", Args: map[string]any{"names": "opportunity, capability"}}
}

func (a *API) marksOf(ctx context.Context, kind scene.Kind, id string) (*body[MarkList], error) {
	marks, err := a.Services.Learning.MarksOf(ctx, actorOf(ctx), kind, scene.ID(id))
	if err != nil {
		return nil, scene.Wrap("api.marks", err)
	}
	out := &body[MarkList]{MarkList{Items: []Mark{}}}
	for _, other := range slices.Sorted(maps.Keys(marks)) {
		m := marks[other]
		out.Body.Items = append(out.Body.Items, Mark{m.Need, m.Offer, string(m.Kind), m.Reason, m.At, m.Actor})
	}
	return out, nil
}

func (a *API) setMark(ctx context.Context, in *struct{ Body MarkSet }) (*body[MarkList], error) {
	kind := scene.MarkKind(in.Body.Mark)
	if in.Body.Mark == "none" {
		kind = ""
	}
	if err := a.Services.Learning.Decide(ctx, actorOf(ctx), in.Body.Opportunity, in.Body.Capability, kind, in.Body.Reason); err != nil {
		return nil, scene.Wrap("api.setMark", err)
	}
	return a.marksOf(ctx, scene.KindOpportunity, string(in.Body.Opportunity))
}

func (a *API) vocabulary(ctx context.Context, _ *struct{}) (*body[Vocabulary], error) {
	v, err := a.Services.Workbench.Vocabulary(ctx)
	if err != nil {
		return nil, scene.Wrap("api.vocabulary", err)
	}
	out := &body[Vocabulary]{Vocabulary{Words: make([]Word, len(v.Words)), Crosswalks: make([]Crosswalk, len(v.Crosswalks))}}
	for i, w := range v.Words {
		out.Body.Words[i] = Word{w.Word, list(w.Synonyms), w.Pinyin, ""}
		switch {
		case w.Exclude:
			out.Body.Words[i].Use = useExclude
		case w.Stop:
			out.Body.Words[i].Use = useStop
		}
	}
	for i, c := range v.Crosswalks {
		out.Body.Crosswalks[i] = Crosswalk{c.From, c.To, list(c.Links)}
	}
	return out, nil
}

// What a word is used for, besides being one.
const (
	useStop    = "stop"
	useExclude = "exclude"
)

func (a *API) amend(ctx context.Context, in *struct{ Body Amendment }) (*body[Vocabulary], error) {
	change, err := in.Body.change()
	if err == nil {
		err = a.Services.Workbench.Amend(ctx, actorOf(ctx), change)
	}
	if err != nil {
		return nil, scene.Wrap("api.amend", err)
	}
	return a.vocabulary(ctx, nil)
}

// change is the amendment as the workbench takes it.
func (x *Amendment) change() (change scene.Amendment, err error) {
	given := 0
	if x.Put != nil {
		given++
		change.Put = &scene.Word{
			Word: x.Put.Word, Synonyms: x.Put.Synonyms, Pinyin: x.Put.Pinyin, Stop: x.Put.Use == useStop, Exclude: x.Put.Use == useExclude,
		}
	}
	if x.Drop != "" {
		given++
		change.Drop = x.Drop
	}
	for _, j := range []struct {
		from *Joint
		to   **scene.Join
	}{{x.Join, &change.Join}, {x.Part, &change.Part}} {
		if j.from != nil {
			given++
			*j.to = &scene.Join{
				FromDict: j.from.FromDictionary, ToDict: j.from.ToDictionary, Link: scene.Link{From: j.from.From, To: j.from.To, Weight: j.from.Weight},
			}
		}
	}
	if given != 1 {
		err = &scene.Error{Code: scene.Invalid, Op: "api.Amendment", Key: "api.one_of", Args: map[string]any{"names": "put, drop, join, part"}}
	}
	return change, err
}

func (a *API) alike(ctx context.Context, _ *struct{}) (*body[AlikeList], error) {
	found, err := a.Services.Registry.Suspects(ctx, actorOf(ctx))
	if err != nil {
		return nil, scene.Wrap("api.alike", err)
	}
	out := &body[AlikeList]{AlikeList{make([]Alike, len(found))}}
	for i := range found {
		out.Body.Items[i] = Alike{organisationOf(&found[i].First), organisationOf(&found[i].Second), found[i].Why}
	}
	return out, nil
}

func (a *API) merge(ctx context.Context, in *struct{ Body Merger }) (*tagged[Organisation], error) {
	b := &in.Body
	if b.Person {
		b.Take = append(b.Take, "contact")
	}
	o, err := a.Services.Registry.Unite(ctx, actorOf(ctx), registry.Union{
		Keep: b.Keep, KeepRevision: b.KeepRevision, Drop: b.Drop, DropRevision: b.DropRevision, Take: b.Take, Reason: b.Reason,
	})
	if err != nil {
		return nil, scene.Wrap("api.merge", stale(err))
	}
	return &tagged[Organisation]{etag(o.Revision, false), organisationOf(&o)}, nil
}
