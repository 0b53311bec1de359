package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/edge"
)

const tagEntries = "entries"

// Standing is where an entry is on its way.
type Standing struct {
	ID           scene.ID  `json:"id" example:"01J9ZD3V5W8QJ7R2K4M6N8P0S1"`
	Revision     int       `json:"revision" doc:"Rises with every change; the ETag holds it."`
	State        string    `json:"state" enum:"draft,submitted,formal_review,department_review,expert_review,published,paused,expired,closed,landed"`
	Open         bool      `json:"open" doc:"Published and valid now."`
	Organisation Party     `json:"organisation"`
	Batch        string    `json:"batch,omitempty" doc:"第N批."`
	Code         string    `json:"code,omitempty" doc:"编号 as printed in its list."`
	Source       string    `json:"source,omitempty" doc:"The list it came from."`
	Created      time.Time `json:"created"`
	Updated      time.Time `json:"updated"`
	// Steps and Proposed are told of a single entry only.
	Steps    []Step `json:"steps,omitempty" doc:"What happened on its way, oldest first; of a single entry only."`
	Proposed bool   `json:"proposed,omitempty" doc:"A revision waits for review; the entry is as it was until then."`
}

// Step is one change of state.
type Step struct {
	At     time.Time `json:"at"`
	From   string    `json:"from"`
	To     string    `json:"to"`
	Reason string    `json:"reason,omitempty" doc:"What its owner is told."`
}

// OwnOpportunity is an opportunity in whatever state.
type OwnOpportunity struct {
	Standing
	Entry OpportunityEntry `json:"entry" doc:"What a PUT would send."`
}

// OwnCapability is a capability in whatever state.
type OwnCapability struct {
	Standing
	Entry CapabilityEntry `json:"entry" doc:"What a PUT would send."`
}

// EntryPage is one page of entries.
type EntryPage[T any] struct {
	Items      []T    `json:"items" nullable:"false"`
	NextCursor string `json:"next_cursor,omitempty"`
}

// stored is an answer with what names its state.
type stored[T any] struct {
	Status   int
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     T
}

type entriesInput struct {
	Page
	State        []string `query:"state,explode" maxItems:"10" doc:"Only in these states."`
	Organisation string   `query:"organisation" maxLength:"64" doc:"Id of the organisation; absent for one's own, or for the centre all."`
	Batch        string   `query:"batch" maxLength:"64" doc:"第N批, however its blanks and widths are written."`
	Source       string   `query:"source" maxLength:"200" doc:"The list they came from."`
}

type createInput[E any] struct {
	Organisation string `query:"organisation" maxLength:"64" doc:"For the centre: whose entry it is; absent for one's own organisation."`
	Body         E
}

type replaceInput[E any] struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the entry."`
	IfMatch string `header:"If-Match" doc:"ETag of the copy that was changed; needed."`
	Body    E
}

type stepInput struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the entry."`
	IfMatch string `header:"If-Match" doc:"ETag of the copy that was looked at; needed."`
	Body    *struct {
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"Needed to close an entry."`
	} `required:"false"`
}

// side is one kind of entry: how it reads and writes. E is what its owner
// writes, O what is answered.
type side[E, O any] struct {
	kind   scene.Kind
	plural string
	blank  func() registry.Entry
	into   func(*E, *registry.Entry, *scene.Dictionaries) error
	answer func(Standing, *registry.Entry) O
	// written is what its owner wrote.
	written func(*registry.Entry) E
	sample  O
	asked   E // example of what is sent
	told    E // example of it as it is answered
}

func (a *API) mountEntries() {
	mountSide(a, side[OpportunityEntry, OwnOpportunity]{
		kind: scene.KindOpportunity, plural: "opportunities", sample: exampleOwnOpportunity(), asked: exampleOpportunityEntry(), told: exampleOwnOpportunity().Entry,
		blank: func() registry.Entry { return registry.Entry{Opportunity: &scene.Opportunity{}} },
		into: func(e *OpportunityEntry, to *registry.Entry, d *scene.Dictionaries) error {
			return e.into(to.Opportunity, d)
		},
		answer: func(s Standing, e *registry.Entry) OwnOpportunity {
			return OwnOpportunity{s, opportunityEntryOf(e.Opportunity)}
		},
		written: func(e *registry.Entry) OpportunityEntry { return opportunityEntryOf(e.Opportunity) },
	})
	mountSide(a, side[CapabilityEntry, OwnCapability]{
		kind: scene.KindCapability, plural: "capabilities", sample: exampleOwnCapability(), asked: exampleCapabilityEntry(), told: exampleOwnCapability().Entry,
		blank: func() registry.Entry { return registry.Entry{Capability: &scene.Capability{}} },
		into: func(e *CapabilityEntry, to *registry.Entry, d *scene.Dictionaries) error {
			return e.into(to.Capability, d)
		},
		answer: func(s Standing, e *registry.Entry) OwnCapability {
			return OwnCapability{s, capabilityEntryOf(e.Capability)}
		},
		written: func(e *registry.Entry) CapabilityEntry { return capabilityEntryOf(e.Capability) },
	})
}

func mountSide[E, O any](a *API, s side[E, O]) {
	base, one := "/entries/"+s.plural, "/entries/"+s.plural+"/{id}"
	get(a, operation{
		"list-own-" + s.plural, base, edge.May(scene.ListingRead), tagEntries,
		"条目列表 · List entries in whatever state", "Those of the own organisation, or for the centre of all. In order of id.",
		EntryPage[O]{Items: []O{s.sample}},
	}, func(ctx context.Context, in *entriesInput) (*body[EntryPage[O]], error) {
		return listEntries(ctx, a, s, in)
	})
	change(a, http.MethodPost, http.StatusCreated, s.asked, operation{
		"create-" + string(s.kind), base, edge.May(scene.ListingCreate), tagEntries,
		"新建草稿 · Begin a draft", "A draft may lack everything but its name.", s.sample,
	}, func(ctx context.Context, in *createInput[E]) (*stored[O], error) { return createEntry(ctx, a, s, in) })
	get(a, operation{
		"get-own-" + string(s.kind), one, edge.May(scene.ListingRead), tagEntries,
		"条目 · One entry in whatever state", "With what happened on its way through review.", s.sample,
	}, func(ctx context.Context, in *itemInput) (*tagged[O], error) { return getEntry(ctx, a, s, in) })
	change(a, http.MethodPut, http.StatusOK, s.asked, operation{
		"replace-" + string(s.kind), one, edge.May(scene.ListingRead), tagEntries,
		"修改 · Write an entry", "A draft is written at once. For a public entry this proposes a revision, which is reviewed: " +
			"the answer is 202, and the entry stays as it is until then. If-Match is needed; 412 says that somebody else changed it meanwhile.", s.sample,
	}, func(ctx context.Context, in *replaceInput[E]) (*stored[O], error) { return replaceEntry(ctx, a, s, in) })
	for _, step := range steps() {
		change(a, http.MethodPost, http.StatusOK, nil, operation{
			step.name + "-" + string(s.kind), one + "/" + step.name, edge.May(step.may), tagEntries, step.summary, step.text, s.sample,
		}, func(ctx context.Context, in *stepInput) (*stored[O], error) { return takeStep(ctx, a, s, step, in) })
	}
	mountReview(a, s)
	mountOpinions(a, s)
}

// entryStep is a step that an owner asks for; to is the state that follows, "" where
// the step itself tells.
type entryStep struct {
	name, summary, text string
	may                 scene.Action
	to                  scene.State
	take                func(*registry.Registry, context.Context, scene.Actor, registry.Step) (registry.Entry, error)
}

func steps() []entryStep {
	return []entryStep{
		{"submit", "提交审核 · Hand a draft in", "What it lacks for that is named, one field each (422).", scene.ListingSubmit, scene.Submitted, (*registry.Registry).Submit},
		{"withdraw", "撤回 · Take it back before anybody has looked", "It is a draft again.", scene.ListingWithdraw, scene.Draft, (*registry.Registry).Withdraw},
		{"pause", "暂停 · Take a public entry off the market for a while", "", scene.ListingRetire, scene.Paused, (*registry.Registry).Retire},
		{"resume", "恢复 · Put a paused entry on the market again", "", scene.ListingRetire, scene.Published, (*registry.Registry).Retire},
		{"extend", "延长有效期 · Confirm a public entry as it is, and have it stay open longer", "By six months, without a review; one that had expired is open again. One that has no end, or none within six months, is refused (412).", scene.ListingRetire, "", (*registry.Registry).Extend},
		{"close", "结束 · End a public entry for good", "A reason is needed.", scene.ListingRetire, scene.Closed, (*registry.Registry).Retire},
	}
}

func actorOf(ctx context.Context) scene.Actor { return edge.From(ctx).Actor }

func (a *API) standing(e *registry.Entry) Standing {
	l := e.Listing()
	return Standing{
		ID: l.ID, Revision: l.Revision, State: string(l.State), Open: l.Open(a.Now()), Organisation: Party{l.OrgID, l.OrgName},
		Batch: l.Batch, Code: l.Code, Source: l.Source, Created: l.Created, Updated: l.Updated,
	}
}

func listEntries[E, O any](ctx context.Context, a *API, s side[E, O], in *entriesInput) (*body[EntryPage[O]], error) {
	f := store.ListingFilter{OrgID: scene.ID(in.Organisation), Batch: in.Batch, Source: in.Source}
	for _, state := range in.State {
		f.States = append(f.States, scene.State(state))
	}
	rows, err := a.Services.Registry.Entries(ctx, actorOf(ctx), s.kind, f, in.store())
	if err != nil {
		return nil, scene.Wrap("api.listEntries", err)
	}
	out := &body[EntryPage[O]]{EntryPage[O]{Items: make([]O, len(rows.Items)), NextCursor: rows.Next}}
	for i := range rows.Items {
		out.Body.Items[i] = s.answer(a.standing(&rows.Items[i]), &rows.Items[i])
	}
	return out, nil
}

func getEntry[E, O any](ctx context.Context, a *API, s side[E, O], in *itemInput) (*tagged[O], error) {
	e, err := a.Services.Registry.Entry(ctx, actorOf(ctx), s.kind, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.getEntry", err)
	}
	standing, err := a.fullStanding(ctx, &e)
	if err != nil {
		return nil, scene.Wrap("api.getEntry", err)
	}
	tag := entryTag(&standing)
	if in.holds(tag) {
		return nil, notModified(tag)
	}
	return &tagged[O]{tag, s.answer(standing, &e)}, nil
}

// entryTag names the state of an entry: its revision, and what of the answer may
// change without one.
func entryTag(s *Standing) string {
	tag := strconv.Itoa(s.Revision)
	if s.Open {
		tag += "-open"
	}
	if s.Proposed {
		tag += "-proposed"
	}
	return `"` + tag + `"`
}

func (a *API) fullStanding(ctx context.Context, e *registry.Entry) (Standing, error) {
	by, l := actorOf(ctx), e.Listing()
	s := a.standing(e)
	steps, err := a.Services.Registry.Steps(ctx, by, e.Kind(), l.ID)
	if err != nil {
		return s, err
	}
	for _, x := range steps {
		s.Steps = append(s.Steps, Step{x.At, string(x.From), string(x.To), x.Reason})
	}
	_, err = a.Services.Registry.Proposed(ctx, by, e.Kind(), l.ID)
	if scene.CodeOf(err) == scene.NotFound {
		return s, nil
	}
	s.Proposed = err == nil
	return s, err
}

func createEntry[E, O any](ctx context.Context, a *API, s side[E, O], in *createInput[E]) (*stored[O], error) {
	e := s.blank()
	e.Listing().OrgID = scene.ID(in.Organisation)
	if err := s.into(&in.Body, &e, a.Services.Dictionaries()); err != nil {
		return nil, err
	}
	made, err := a.Services.Registry.Create(ctx, actorOf(ctx), e)
	if err != nil {
		return nil, scene.Wrap("api.createEntry", err)
	}
	out := answered(a, s, &made)
	out.Status = http.StatusCreated
	out.Location = a.PublicURL + Prefix + "/entries/" + s.plural + "/" + string(made.Listing().ID)
	return out, nil
}

func answered[E, O any](a *API, s side[E, O], e *registry.Entry) *stored[O] {
	standing := a.standing(e)
	return &stored[O]{Status: http.StatusOK, ETag: entryTag(&standing), Body: s.answer(standing, e)}
}

func replaceEntry[E, O any](ctx context.Context, a *API, s side[E, O], in *replaceInput[E]) (*stored[O], error) {
	by := actorOf(ctx)
	e, err := a.matched(ctx, s.kind, in.ID, in.IfMatch)
	if err != nil {
		return nil, scene.Wrap("api.replaceEntry", err)
	}
	next := e
	if err := s.into(&in.Body, &next, a.Services.Dictionaries()); err != nil {
		return nil, err
	}
	edit := by.May(scene.ListingEdit, e.Object())
	if edit == nil {
		saved, err := a.Services.Registry.Edit(ctx, by, next)
		if err != nil {
			return nil, scene.Wrap("api.replaceEntry", stale(err))
		}
		return answered(a, s, &saved), nil
	}
	if by.May(scene.ListingPropose, e.Object()) != nil {
		return nil, edit
	}
	if _, err := a.Services.Registry.Propose(ctx, by, next, ""); err != nil {
		return nil, scene.Wrap("api.replaceEntry", stale(err))
	}
	present, err := a.Services.Registry.Entry(ctx, by, s.kind, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.replaceEntry", err)
	}
	standing, err := a.fullStanding(ctx, &present)
	return &stored[O]{Status: http.StatusAccepted, ETag: entryTag(&standing), Body: s.answer(standing, &present)}, err
}

func takeStep[E, O any](ctx context.Context, a *API, s side[E, O], step entryStep, in *stepInput) (*stored[O], error) {
	e, err := a.matched(ctx, s.kind, in.ID, in.IfMatch)
	if err != nil {
		return nil, scene.Wrap("api."+step.name, err)
	}
	ask := registry.Step{Kind: s.kind, ID: e.Listing().ID, Revision: e.Listing().Revision, To: step.to}
	if in.Body != nil {
		ask.Reason = in.Body.Reason
	}
	done, err := step.take(a.Services.Registry, ctx, actorOf(ctx), ask)
	if err != nil {
		return nil, scene.Wrap("api."+step.name, stale(err))
	}
	return answered(a, s, &done), nil
}

// matched reads an entry that the caller knows in its present state; see [current].
func (a *API) matched(ctx context.Context, kind scene.Kind, id, ifMatch string) (registry.Entry, error) {
	if ifMatch == "" {
		return registry.Entry{}, current(ctx, "", 0)
	}
	e, err := a.Services.Registry.Entry(ctx, actorOf(ctx), kind, scene.ID(id))
	if err != nil {
		return e, err
	}
	return clone(e), current(ctx, ifMatch, e.Listing().Revision)
}

// clone copies an entry, so that writing into it changes nothing that was read.
func clone(e registry.Entry) registry.Entry {
	if e.Opportunity != nil {
		o := *e.Opportunity
		return registry.Entry{Opportunity: &o}
	}
	c := *e.Capability
	return registry.Entry{Capability: &c}
}

// stale tells a change that came between as what it is to HTTP: the copy that
// was looked at is no longer the present one.
func stale(err error) error {
	if e, ok := asError(err); ok && e.Code == scene.Conflict && slices.Contains([]string{"store.stale", "engagement.overtaken", "fair.party_changed"}, e.Key) {
		return &scene.Error{Code: scene.Precondition, Op: "api.stale", Key: "api.stale", Err: err}
	}
	return err
}

func asError(err error) (*scene.Error, bool) { return errors.AsType[*scene.Error](err) }
