package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// PartyWritten is what an organisation says of its part in an event.
type PartyWritten struct {
	Delegates []DelegateWritten `json:"delegates" nullable:"false" minItems:"1" maxItems:"30" doc:"Who comes."`
	Together  bool              `json:"together,omitempty" doc:"They go to each meeting together; else each takes meetings alone."`
	Languages []string          `json:"languages,omitempty" nullable:"false" maxItems:"6" enum:"zh,en,ja,ko,de,fr" doc:"None means Chinese."`
	Away      []string          `json:"away,omitempty" nullable:"false" maxItems:"400" doc:"Ids of slots in which nobody is there."`
	Entries   []EntryRef        `json:"entries,omitempty" nullable:"false" maxItems:"50" doc:"Open entries that it brings."`
	Note      string            `json:"note,omitempty" maxLength:"2000" doc:"For the organisers."`
}

// DelegateWritten is a person who comes.
type DelegateWritten struct {
	ID   scene.ID `json:"id,omitempty" maxLength:"64" doc:"Of one who is there already, and keeps his personal link. Without it he is known again by his name, or else his mail, or is a new one."`
	Name string   `json:"name" minLength:"1" maxLength:"50"`
	Post string   `json:"post,omitempty" maxLength:"50" doc:"职务."`
	Mail string   `json:"contact_mail,omitempty" writeOnly:"true" maxLength:"254" doc:"For the letter with the personal link. Never told by the API; what is absent stays."`
	Away []string `json:"away,omitempty" nullable:"false" maxItems:"400" doc:"Ids of slots in which this person is not there."`
}

// EventParty is an organisation's part in an event.
type EventParty struct {
	ID           scene.ID        `json:"id"`
	Revision     int             `json:"revision" doc:"Rises with every change; the ETag holds it."`
	Event        scene.ID        `json:"event"`
	Organisation Party           `json:"organisation"`
	State        string          `json:"state" enum:"invited,applied,waiting,accepted,refused,withdrawn" doc:"invited: it has not answered; it comes by joining. waiting: the event is full, or what is left is kept for the other side; it moves up when a place is free."`
	Together     bool            `json:"together"`
	Languages    []string        `json:"languages" nullable:"false"`
	Away         []string        `json:"away" nullable:"false"`
	Delegates    []EventDelegate `json:"delegates" nullable:"false"`
	Entries      []EntryRef      `json:"entries" nullable:"false"`
	Note         string          `json:"note,omitempty"`
	Created      time.Time       `json:"created"`
	Updated      time.Time       `json:"updated"`
}

// EventDelegate is a person who comes, without his address.
type EventDelegate struct {
	ID      scene.ID   `json:"id"`
	Name    string     `json:"name"`
	Post    string     `json:"post,omitempty"`
	Away    []string   `json:"away,omitempty" nullable:"false"`
	Arrived *time.Time `json:"arrived,omitempty"`
}

// EventOther is another party that takes part.
type EventOther struct {
	ID      scene.ID   `json:"id"`
	Name    string     `json:"name"`
	Entries []EntryRef `json:"entries" nullable:"false" doc:"What it brings; public, and read like any other."`
	Wish    string     `json:"wish,omitempty" enum:"must,want,never" doc:"What oneself says of it."`
	Note    string     `json:"note,omitempty" doc:"What oneself wants to talk about."`
}

// EventOthers is the other parties.
type EventOthers struct {
	Items []EventOther `json:"items" nullable:"false"`
}

// EventSuggestion is a party that one should meet, as the matcher sees it.
type EventSuggestion struct {
	ID          scene.ID `json:"id"`
	Name        string   `json:"name"`
	Score       float64  `json:"score" doc:"Of the best pair of what both bring, 0 to 1."`
	Reason      string   `json:"reason,omitempty"`
	Opportunity scene.ID `json:"opportunity,omitempty"`
	Capability  scene.ID `json:"capability,omitempty"`
	Asked       string   `json:"asked,omitempty" enum:"must,want" doc:"The other side wants the meeting."`
}

// EventSuggestions is whom to meet, the best first.
type EventSuggestions struct {
	Pending bool              `json:"pending" doc:"The matcher is still at work: ask again in a moment."`
	Items   []EventSuggestion `json:"items" nullable:"false"`
}

// WishesSaid is what a party says of others in one step.
type WishesSaid struct {
	Wishes []WishSaid `json:"wishes" nullable:"false" minItems:"1" maxItems:"500"`
}

// WishSaid is what a party says of another.
type WishSaid struct {
	Party scene.ID `json:"party" minLength:"1" maxLength:"64" doc:"Id of the other party."`
	Wish  string   `json:"wish" enum:"must,want,never,nothing" doc:"nothing takes back what was said."`
	Note  string   `json:"note,omitempty" maxLength:"500" doc:"For the other side: what to talk about."`
}

// EventWishes is everything a party says of others.
type EventWishes struct {
	Wishes         []WishSaid `json:"wishes" nullable:"false"`
	Contradictions []string   `json:"contradictions" nullable:"false" doc:"What of it cannot be, or not all."`
}

// Appointment is a meeting as one side sees it.
type Appointment struct {
	Meeting string        `json:"meeting"`
	Slot    string        `json:"slot"`
	Starts  time.Time     `json:"starts" doc:"With the delay of the hall."`
	Ends    time.Time     `json:"ends"`
	Table   string        `json:"table"`
	With    Party         `json:"with" doc:"The other party of the event."`
	Who     []string      `json:"who" nullable:"false" doc:"Who of oneself goes."`
	Note    string        `json:"note,omitempty" doc:"What the other side wants to talk about."`
	Reason  string        `json:"reason,omitempty" doc:"What the matcher says of the pair."`
	Outcome *EventOutcome `json:"outcome,omitempty" doc:"What oneself said of it."`
}

// EventSchedule is the meetings of a party, in order of time.
type EventSchedule struct {
	Version int           `json:"version" doc:"Of the published plan; 0: there is none yet."`
	Items   []Appointment `json:"items" nullable:"false"`
	LeftOut []ScheduleGap `json:"left_out,omitempty" nullable:"false" doc:"Own wishes that the published plan has no meeting for; why is for the organisers to say."`
}

// ScheduleGap is a wish of one's own that came to no meeting.
type ScheduleGap struct {
	Party Party  `json:"party"`
	Wish  string `json:"wish" enum:"must,want"`
	Later bool   `json:"later,omitempty" doc:"Said after the plan was published."`
}

type partyEdit struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the event."`
	IfMatch string `header:"If-Match" doc:"ETag of the copy that was changed; needed."`
	Body    PartyWritten
}

type partyJoin struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the event."`
	Body PartyWritten
}

type wishInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the event."`
	Body WishesSaid
}

type eventInput struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the event."`
}

type suggestInputOf struct {
	ID  string `path:"id" maxLength:"64" doc:"Id of the event."`
	Top int    `query:"top" minimum:"1" maximum:"50" default:"8" doc:"Parties wanted."`
}

func exampleParty() EventParty {
	at := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	return EventParty{
		ID: "01J9ZD3V5W8QJ7R2K4M6N8P0V2", Revision: 1, Event: exampleEvent().ID, Organisation: exampleCapability().Organisation, State: "accepted",
		Languages: []string{"zh"}, Away: []string{}, Delegates: []EventDelegate{{ID: "01J9ZD3V5W8QJ7R2K4M6N8P0V3", Name: "王五", Post: "总工"}},
		Entries: []EntryRef{{"capability", exampleCapability().ID}}, Created: at, Updated: at,
	}
}

func (a *API) mountEventParty() {
	const one, own = "/events/{id}", "/events/{id}/party"
	may, p := edge.May(scene.FairJoin), exampleParty()
	written := PartyWritten{Delegates: []DelegateWritten{{Name: "王五", Post: "总工", Mail: "wangwu@example.com"}}, Languages: p.Languages, Entries: p.Entries}
	get(a, operation{"get-party", own, may, tagEvents, "我方报名 · The own organisation's part in an event", "", p}, a.ownParty)
	change(a, http.MethodPost, http.StatusCreated, written, operation{
		"join-event", own, may, tagEvents, "报名 · Sign the own organisation up", "Where the event is full it waits, where it asks for approval it applies.", p,
	}, a.joinEvent)
	change(a, http.MethodPut, http.StatusOK, written, operation{
		"replace-party", own, may, tagEvents, "修改报名 · Change what was said at the sign-up", "If-Match is needed.", p,
	}, a.amendParty)
	gone := p
	gone.State, gone.Revision = "withdrawn", 2
	change(a, http.MethodDelete, http.StatusOK, nil, operation{
		"leave-event", own, may, tagEvents, "退出 · Not come after all", "Who waits longest moves up. Answers with the party as it is then.", gone,
	}, a.leaveEvent)
	ref := WishSaid{"01J9ZD3V5W8QJ7R2K4M6N8P0V4", "want", "想谈管网漏损。"}
	get(a, operation{
		"list-others", one + "/others", may, tagEvents, "参会单位 · Who else takes part", "For those who take part themselves.",
		EventOthers{Items: []EventOther{{ref.Party, "示例市水务集团", []EntryRef{{"opportunity", exampleOpportunity().ID}}, "want", ref.Note}}},
	}, a.others)
	get(a, operation{
		"list-suggestions", one + "/suggestions", may, tagEvents, "推荐约谈 · Whom to meet, as the matcher sees it", "Without those of whom something was said.",
		EventSuggestions{Items: []EventSuggestion{{ID: ref.Party, Name: "示例市水务集团", Score: 0.82, Reason: "“漏损、监测”相符。", Opportunity: exampleOpportunity().ID, Capability: exampleCapability().ID}}},
	}, a.suggestions)
	get(a, operation{
		"get-wishes", one + "/wishes", may, tagEvents, "约谈意愿 · What the own organisation says of others", "",
		EventWishes{[]WishSaid{ref}, []string{}},
	}, a.wishes)
	change(a, http.MethodPost, http.StatusOK, WishesSaid{[]WishSaid{ref}}, operation{
		"say-wishes", one + "/wishes", may, tagEvents, "表达意愿 · Say whom one must, wants or never wants to meet",
		"All or none. Answers with everything that is said by then.",
		EventWishes{[]WishSaid{ref}, []string{}},
	}, a.sayWishes)
	slot := exampleEvent().Slots[0]
	get(a, operation{
		"get-schedule", one + "/schedule", may, tagEvents, "我的日程 · The own organisation's meetings", "Of the published plan, in order of time.",
		EventSchedule{2, []Appointment{{
			Meeting: "m17", Slot: slot.ID, Starts: slot.Starts, Ends: slot.Ends, Table: "A3", With: Party{ref.Party, "示例市水务集团"}, Who: []string{"王五"},
		}}, []ScheduleGap{{Party{"01J9ZD3V5W8QJ7R2K4M6N8P0V5", "示例区街道办"}, "must", false}}},
	}, a.schedule)
}

// mine is the party of the caller's organisation in an event that he may see.
func (a *API) mine(ctx context.Context, event string) (scene.FairParty, error) {
	by := actorOf(ctx)
	if _, err := a.fair(ctx, event); err != nil {
		return scene.FairParty{}, err
	}
	if by.OrgID == "" {
		return scene.FairParty{}, &scene.Error{Code: scene.Invalid, Op: "api.mine", Key: "api.event.organisation"}
	}
	all, err := a.Services.Fairs.Own(ctx, by)
	if err != nil {
		return scene.FairParty{}, err
	}
	p, in := all[scene.ID(event)]
	if !in {
		return p, &scene.Error{Code: scene.NotFound, Op: "api.mine", Key: "api.event.not_joined"}
	}
	return p, nil
}

func (a *API) partyAnswer(p *scene.FairParty, status int) *stored[EventParty] {
	return &stored[EventParty]{Status: status, ETag: etag(p.Revision, false), Body: eventPartyOf(p)}
}

func eventPartyOf(p *scene.FairParty) EventParty {
	out := EventParty{
		ID: p.ID, Revision: p.Revision, Event: p.FairID, Organisation: Party{p.OrgID, p.Name}, State: string(p.State), Together: p.Share,
		Languages: list(p.Languages), Away: list(p.Away), Delegates: []EventDelegate{}, Entries: refsOf(p.Listings), Note: scene.Redact(p.Note),
		Created: p.Created, Updated: p.Updated,
	}
	for i := range p.Delegates {
		d := &p.Delegates[i]
		out.Delegates = append(out.Delegates, EventDelegate{ID: d.ID, Name: d.Name, Post: d.Post, Away: d.Away})
	}
	return out
}

func refsOf(listings []scene.FairListing) []EntryRef {
	out := make([]EntryRef, len(listings))
	for i, l := range listings {
		out[i] = EntryRef{string(l.Kind), l.ID}
	}
	return out
}

// form is what was sent as the services know it; held is the party as it is.
func (w *PartyWritten) form(held *scene.FairParty) convene.PartyForm {
	out := convene.PartyForm{
		Share: w.Together, Languages: w.Languages, Away: w.Away, Note: strings.TrimSpace(w.Note), Revision: held.Revision,
		Hosted: held.Hosted, Newcomer: held.Newcomer, Min: held.Min, Max: held.Max,
	}
	for _, e := range w.Entries {
		out.Listings = append(out.Listings, scene.FairListing{Kind: scene.Kind(e.Kind), ID: e.ID})
	}
	for _, d := range w.Delegates {
		kept, _ := held.Delegate(d.ID)
		out.Delegates = append(out.Delegates, scene.Delegate{ID: d.ID, Name: d.Name, Post: d.Post, Mail: cmp.Or(d.Mail, kept.Mail), Away: d.Away})
	}
	return out
}

func (a *API) ownParty(ctx context.Context, in *itemInput) (*stored[EventParty], error) {
	p, err := a.mine(ctx, in.ID)
	if err != nil {
		return nil, scene.Wrap("api.ownParty", err)
	}
	out := a.partyAnswer(&p, http.StatusOK)
	if in.holds(out.ETag) {
		return nil, notModified(out.ETag)
	}
	return out, nil
}

func (a *API) joinEvent(ctx context.Context, in *partyJoin) (*stored[EventParty], error) {
	by := actorOf(ctx)
	f, err := a.fair(ctx, in.ID)
	if err == nil && by.OrgID == "" {
		err = &scene.Error{Code: scene.Invalid, Op: "api.joinEvent", Key: "api.event.organisation"}
	}
	if err != nil {
		return nil, scene.Wrap("api.joinEvent", err)
	}
	p, err := a.Services.Fairs.Join(ctx, by, f.ID, by.OrgID, in.Body.form(&scene.FairParty{}))
	if err != nil {
		return nil, scene.Wrap("api.joinEvent", err)
	}
	out := a.partyAnswer(&p, http.StatusCreated)
	out.Location = a.PublicURL + Prefix + "/events/" + string(f.ID) + "/party"
	return out, nil
}

func (a *API) amendParty(ctx context.Context, in *partyEdit) (*stored[EventParty], error) {
	p, err := a.mine(ctx, in.ID)
	if err == nil {
		err = current(ctx, in.IfMatch, p.Revision)
	}
	if err != nil {
		return nil, scene.Wrap("api.amendParty", err)
	}
	p, err = a.Services.Fairs.Amend(ctx, actorOf(ctx), p.ID, in.Body.form(&p))
	if err != nil {
		return nil, scene.Wrap("api.amendParty", stale(err))
	}
	return a.partyAnswer(&p, http.StatusOK), nil
}

func (a *API) leaveEvent(ctx context.Context, in *eventInput) (*stored[EventParty], error) {
	p, err := a.mine(ctx, in.ID)
	if err == nil {
		p, err = a.Services.Fairs.Decide(ctx, actorOf(ctx), p.ID, scene.PartyWithdrawn)
	}
	if err != nil {
		return nil, scene.Wrap("api.leaveEvent", err)
	}
	return a.partyAnswer(&p, http.StatusOK), nil
}

// taking is the party of the caller's organisation, which takes part.
func (a *API) taking(ctx context.Context, event string) (scene.FairParty, *convene.Board, error) {
	p, err := a.mine(ctx, event)
	if err != nil {
		return p, nil, err
	}
	if p.State != scene.PartyAccepted {
		return p, nil, &scene.Error{Code: scene.Precondition, Op: "api.taking", Key: "api.event.not_accepted"}
	}
	board, err := a.Services.Fairs.Board(ctx, p.FairID)
	return p, board, err
}

func (a *API) others(ctx context.Context, in *eventInput) (*body[EventOthers], error) {
	p, board, err := a.taking(ctx, in.ID)
	if err != nil {
		return nil, scene.Wrap("api.others", err)
	}
	out := &body[EventOthers]{EventOthers{Items: []EventOther{}}}
	for _, x := range board.Parties {
		if x.ID == p.ID || x.State != scene.PartyAccepted {
			continue
		}
		w, _ := p.Wish(x.ID)
		out.Body.Items = append(out.Body.Items, EventOther{x.ID, x.Name, refsOf(x.Listings), string(w.Kind), w.Note})
	}
	slices.SortFunc(out.Body.Items, func(a, b EventOther) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

func (a *API) suggestions(ctx context.Context, in *suggestInputOf) (*body[EventSuggestions], error) {
	p, board, err := a.taking(ctx, in.ID)
	if err != nil {
		return nil, scene.Wrap("api.suggestions", err)
	}
	all, pending, err := a.Services.Fairs.Suggestions(ctx, p.FairID, p.ID, in.Top)
	if err != nil {
		return nil, scene.Wrap("api.suggestions", err)
	}
	out, lang := &body[EventSuggestions]{EventSuggestions{Pending: pending, Items: []EventSuggestion{}}}, string(edge.From(ctx).Lang)
	for _, s := range all {
		out.Body.Items = append(out.Body.Items, EventSuggestion{
			s.Party, board.Name(s.Party), s.Why.Score, s.Why.Reason[lang], s.Why.Need, s.Why.Offer, string(s.Asked),
		})
	}
	return out, nil
}

func (a *API) wishes(ctx context.Context, in *eventInput) (*body[EventWishes], error) {
	p, board, err := a.taking(ctx, in.ID)
	if err != nil {
		return nil, scene.Wrap("api.wishes", err)
	}
	return &body[EventWishes]{wishesOf(ctx, &p, board)}, nil
}

func wishesOf(ctx context.Context, p *scene.FairParty, board *convene.Board) EventWishes {
	out := EventWishes{Wishes: []WishSaid{}, Contradictions: []string{}}
	for _, w := range p.Wishes {
		out.Wishes = append(out.Wishes, WishSaid{w.To, string(w.Kind), w.Note})
	}
	for _, fault := range convene.Contradictions(&board.Fair, p, board.Parties) {
		out.Contradictions = append(out.Contradictions, locale.Text(edge.From(ctx).Lang, fault.Key, fault.Args))
	}
	return out
}

func (a *API) sayWishes(ctx context.Context, in *wishInput) (*body[EventWishes], error) {
	p, board, err := a.taking(ctx, in.ID)
	if err != nil {
		return nil, scene.Wrap("api.sayWishes", err)
	}
	if p, err = a.Services.Fairs.Wish(ctx, actorOf(ctx), p.ID, saidOf(in.Body.Wishes)); err != nil {
		return nil, scene.Wrap("api.sayWishes", err)
	}
	return &body[EventWishes]{wishesOf(ctx, &p, board)}, nil
}

// saidOf is what was sent as the services know it.
func saidOf(wishes []WishSaid) []convene.Wish {
	said := make([]convene.Wish, len(wishes))
	for i, w := range wishes {
		said[i] = convene.Wish{To: w.Party, Kind: scene.FairWishKind(w.Wish), Note: strings.TrimSpace(w.Note)}
		if w.Wish == "nothing" {
			said[i].Kind = ""
		}
	}
	return said
}

func (a *API) schedule(ctx context.Context, in *itemInput) (*tagged[EventSchedule], error) {
	p, board, err := a.taking(ctx, in.ID)
	if err != nil {
		return nil, scene.Wrap("api.schedule", err)
	}
	lang := string(edge.From(ctx).Lang)
	tag := `"` + board.Print + " " + lang + `"` // its reasons are told in one language
	if in.holds(tag) {
		return nil, notModified(tag)
	}
	out := EventSchedule{Version: board.Version, Items: []Appointment{}}
	for _, m := range board.Appointments(p.ID, "") {
		out.Items = append(out.Items, Appointment{
			Meeting: m.ID, Slot: m.Round.Slot.ID, Starts: m.Round.Start, Ends: m.Round.End, Table: m.Table, With: Party{m.With, board.Name(m.With)},
			Who: list(m.Who), Note: m.Note, Reason: m.Why.Reason[lang], Outcome: outcomeOf(m.Own),
		})
	}
	for _, x := range board.LeftOut(p.ID) {
		out.LeftOut = append(out.LeftOut, ScheduleGap{Party{x.To, board.Name(x.To)}, string(x.Kind), x.Later})
	}
	return &tagged[EventSchedule]{tag, out}, nil
}
