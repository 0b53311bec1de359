package scene

import (
	"slices"
	"sync"
)

// Action is something an account may do. Routes and services name one; the
// table in [Rules] says who may.
type Action string

// The actions.
const (
	AccountSelf   Action = "account.self"   // own password, second factor, sessions
	NoticeRead    Action = "notice.read"    // read one's own inbox, and mark it as read
	AccountList   Action = "account.list"   // see accounts
	AccountVerify Action = "account.verify" // let a sign-up in, or refuse it
	AccountManage Action = "account.manage" // make, change, disable and reset accounts

	WorkspaceEnter Action = "workspace.enter" // the pages of an organisation
	ConsoleEnter   Action = "console.enter"   // the pages of the centre

	OrganisationRead  Action = "organisation.read" // all of an organisation, its contact masked
	OrganisationEdit  Action = "organisation.edit"
	OrganisationMerge Action = "organisation.merge" // make one of two that are the same
	OrganisationName  Action = "organisation.name"  // change by what one is known, or decide who asked for that
	MemberInvite      Action = "member.invite"      // let a colleague in

	ListingFollow   Action = "listing.follow"   // the list of all entries, and to write it to a file
	ListingRead     Action = "listing.read"     // in whatever state, its contact masked
	ListingCreate   Action = "listing.create"   // begin a draft
	ListingEdit     Action = "listing.edit"     // write the entry itself
	ListingAmend    Action = "listing.amend"    // write an entry of others by form, for a stated reason
	ListingPropose  Action = "listing.propose"  // propose a revision of a public entry
	ListingSubmit   Action = "listing.submit"   // hand a draft in
	ListingWithdraw Action = "listing.withdraw" // take it back before anybody looked
	ListingReview   Action = "listing.review"   // take it up, pass it on, publish or return it
	ListingRevise   Action = "listing.revise"   // accept or refuse a proposed revision
	ListingRetire   Action = "listing.retire"   // pause, resume or close a public entry

	EngagementRead      Action = "engagement.read"      // a pair that people work on, contacts masked
	EngagementFollow    Action = "engagement.follow"    // the list of all pairs
	EngagementExpress   Action = "engagement.express"   // say that one is interested, for one's own listing
	EngagementAnswer    Action = "engagement.answer"    // accept or decline
	EngagementSpeak     Action = "engagement.speak"     // ask, answer, note
	EngagementMove      Action = "engagement.move"      // next action, stage, outcome, stop
	EngagementAgree     Action = "engagement.agree"     // agree that the other side sees one's contact, and see its
	EngagementRecommend Action = "engagement.recommend" // recommend a pair to both sides
	EngagementForm      Action = "engagement.form"      // ask partners beside the leading provider

	WebhookManage Action = "webhook.manage" // receivers of other systems, robots, and what they were sent

	ContactReveal Action = "contact.reveal" // see a contact in full, for a stated purpose
	AuditRead     Action = "audit.read"     // who did what

	BatchManage    Action = "batch.manage"    // make batches, fill them, set their release
	ShowcaseManage Action = "showcase.manage" // write and publish showcases
	SearchKeep     Action = "search.keep"     // keep a question and be told of what answers it
	FairRead       Action = "fair.read"       // see a matchmaking event with its parties and plan
	FairManage     Action = "fair.manage"     // make it, let parties in, plan and publish
	FairRun        Action = "fair.run"        // check in, no-shows, changes on the day
	FairJoin       Action = "fair.join"       // sign a party up and say whom it wants to meet

	OpinionAsk  Action = "opinion.ask"  // ask experts about an entry under review
	OpinionRead Action = "opinion.read" // what experts said of an entry
	OpinionGive Action = "opinion.give" // answer what one was asked as an expert

	VocabularyEdit Action = "vocabulary.edit" // words, synonyms and crosswalks that matching reads by

	TokenManage Action = "token.manage" // see and revoke access tokens of others
	ListImport  Action = "list.import"  // bring a whole list in, look at imports, take one back
	PairMark    Action = "pair.mark"    // pin a pair or take it out, see the matching board
	MatchAsk    Action = "match.ask"    // matches of an entry that is not published
)

// Reach says how near the thing must be to the account.
type Reach int

// The reaches.
const (
	ReachAll        Reach = iota // anything
	ReachOthers                  // anything but what its own organisation owns: nobody judges his own case
	ReachOrg                     // what its organisation owns
	ReachDepartment              // what its department answers for
	ReachSelf                    // the account itself
)

// Object is the thing an action is done to, as far as a decision asks.
type Object struct {
	Account    ID     // account it belongs to
	OrgID      ID     // organisation that owns it
	Department string // department that answers for it
	Kind       Kind   // of a listing
	State      State  // of a listing
	Foreign    bool   // a listing of another city's centre
}

// ObjectOf describes a listing; department is that of an opportunity.
func ObjectOf(kind Kind, l *Listing, department string) Object {
	return Object{OrgID: l.OrgID, Department: department, Kind: kind, State: l.State, Foreign: l.Foreign()}
}

// Rule is one line of the table: these roles may do that to things within
// reach, of those kinds, in those states. An empty list does not restrict.
type Rule struct {
	Action Action
	Roles  []Role
	Reach  Reach
	Kinds  []Kind
	States []State
}

// Rules is the table that decides, and the only place that does. What no line
// allows is forbidden. Auditors hold reading lines only.
func Rules() []Rule {
	enterprise := []Role{RoleOwner, RoleProvider}
	readers := []Role{RoleSteward, RoleLeader, RoleAuditor}
	console := []Role{RoleSteward, RoleDepartment, RoleLeader, RoleAuditor, RoleAdmin}
	public := []State{Published, Paused, Expired}
	needs, offers := []Kind{KindOpportunity}, []Kind{KindCapability}
	return []Rule{
		{AccountSelf, Roles(), ReachSelf, nil, nil},
		{NoticeRead, Roles(), ReachSelf, nil, nil},
		{AccountList, []Role{RoleSteward, RoleAuditor, RoleAdmin}, ReachAll, nil, nil},
		{AccountVerify, []Role{RoleSteward, RoleAdmin}, ReachAll, nil, nil},
		{AccountManage, []Role{RoleAdmin}, ReachAll, nil, nil},

		{WorkspaceEnter, enterprise, ReachAll, nil, nil},
		{ConsoleEnter, console, ReachAll, nil, nil},
		{ConsoleEnter, []Role{RoleOrganiser}, ReachAll, nil, nil},

		{OrganisationRead, enterprise, ReachOrg, nil, nil},
		{OrganisationRead, console, ReachAll, nil, nil},
		{OrganisationEdit, enterprise, ReachOrg, nil, nil},
		{OrganisationEdit, []Role{RoleSteward}, ReachAll, nil, nil},
		{OrganisationMerge, []Role{RoleSteward}, ReachAll, nil, nil},
		{OrganisationName, []Role{RoleSteward}, ReachOthers, nil, nil},
		{MemberInvite, enterprise, ReachOrg, nil, nil},
		{MemberInvite, []Role{RoleAdmin}, ReachAll, nil, nil},

		{ListingFollow, append([]Role{RoleDepartment}, readers...), ReachAll, nil, nil},
		{ListingRead, enterprise, ReachOrg, nil, nil},
		{ListingRead, []Role{RoleDepartment}, ReachDepartment, nil, underReviewOrLater()},
		{ListingRead, readers, ReachAll, nil, nil},
		{ListingCreate, []Role{RoleOwner}, ReachOrg, needs, nil},
		{ListingCreate, []Role{RoleProvider}, ReachOrg, offers, nil},
		{ListingCreate, []Role{RoleSteward}, ReachAll, nil, nil},
		{ListingEdit, enterprise, ReachOrg, nil, []State{Draft}},
		{ListingEdit, []Role{RoleSteward}, ReachAll, nil, append([]State{Draft, Submitted, FormalReview}, public...)},
		{ListingAmend, []Role{RoleSteward}, ReachAll, nil, append([]State{Draft, Submitted, FormalReview}, public...)},
		{ListingPropose, enterprise, ReachOrg, nil, public},
		{ListingSubmit, enterprise, ReachOrg, nil, []State{Draft}},
		{ListingSubmit, []Role{RoleSteward}, ReachAll, nil, []State{Draft}},
		{ListingWithdraw, enterprise, ReachOrg, nil, []State{Submitted}},
		{ListingReview, []Role{RoleSteward}, ReachOthers, nil, UnderReview()},
		{ListingReview, []Role{RoleDepartment}, ReachDepartment, nil, []State{DepartmentReview}},
		{OpinionAsk, []Role{RoleSteward}, ReachOthers, nil, UnderReview()},
		{OpinionRead, []Role{RoleDepartment}, ReachDepartment, nil, nil},
		{OpinionRead, readers, ReachOthers, nil, nil},
		{OpinionGive, []Role{RoleExpert}, ReachSelf, nil, nil},
		{ListingRevise, []Role{RoleSteward}, ReachOthers, nil, public},
		{ListingRetire, enterprise, ReachOrg, nil, public},
		{ListingRetire, []Role{RoleSteward}, ReachAll, nil, public},

		{EngagementRead, enterprise, ReachOrg, nil, nil},
		{EngagementRead, []Role{RoleDepartment}, ReachDepartment, nil, nil},
		{EngagementRead, readers, ReachAll, nil, nil},
		{EngagementFollow, append([]Role{RoleDepartment}, readers...), ReachAll, nil, nil},
		{EngagementExpress, enterprise, ReachOrg, nil, nil},
		{EngagementAnswer, enterprise, ReachOrg, nil, nil},
		{EngagementSpeak, enterprise, ReachOrg, nil, nil},
		{EngagementSpeak, []Role{RoleSteward}, ReachAll, nil, nil},
		{EngagementMove, enterprise, ReachOrg, nil, nil},
		{EngagementMove, []Role{RoleSteward}, ReachAll, nil, nil},
		{EngagementAgree, enterprise, ReachOrg, nil, nil},
		{EngagementRecommend, []Role{RoleSteward}, ReachOthers, nil, nil},
		{EngagementForm, []Role{RoleOwner}, ReachOrg, nil, nil},
		{EngagementForm, []Role{RoleSteward}, ReachOthers, nil, nil},

		{WebhookManage, enterprise, ReachOrg, nil, nil},
		{WebhookManage, []Role{RoleSteward, RoleAdmin}, ReachAll, nil, nil},
		{ContactReveal, []Role{RoleSteward}, ReachAll, nil, nil},
		{AuditRead, []Role{RoleAuditor, RoleAdmin}, ReachAll, nil, nil},
		{BatchManage, []Role{RoleSteward}, ReachAll, nil, nil},
		{ShowcaseManage, []Role{RoleSteward}, ReachAll, nil, nil},
		{SearchKeep, enterprise, ReachSelf, nil, nil},
		{FairRead, append([]Role{RoleOrganiser}, console...), ReachAll, nil, nil},
		{FairManage, []Role{RoleSteward, RoleOrganiser}, ReachAll, nil, nil},
		{FairRun, []Role{RoleSteward, RoleOrganiser}, ReachAll, nil, nil},
		{FairJoin, enterprise, ReachOrg, nil, nil},
		{FairJoin, []Role{RoleSteward, RoleOrganiser}, ReachAll, nil, nil},
		{VocabularyEdit, []Role{RoleSteward, RoleAdmin}, ReachAll, nil, nil},

		{TokenManage, enterprise, ReachOrg, nil, nil},
		{TokenManage, []Role{RoleAdmin}, ReachAll, nil, nil},
		{ListImport, []Role{RoleSteward}, ReachAll, nil, nil},
		{PairMark, []Role{RoleSteward}, ReachAll, nil, nil},
		{MatchAsk, enterprise, ReachOrg, nil, nil},
		{MatchAsk, []Role{RoleSteward}, ReachAll, nil, nil},
	}
}

// rulesOf are the rules of each action, in their order. A page asks hundreds of
// times, and to write the table out for each was most of what a queue cost.
var rulesOf = sync.OnceValue(func() map[Action][]Rule {
	of := map[Action][]Rule{}
	for _, rule := range Rules() {
		of[rule.Action] = append(of[rule.Action], rule)
	}
	return of
})

// UnderReview are the states in which somebody of the centre has to act.
func UnderReview() []State { return []State{Submitted, FormalReview, DepartmentReview, ExpertReview} }

func underReviewOrLater() []State {
	return append(UnderReview(), Published, Paused, Expired, Closed, Landed)
}

// May returns nil if a may do that to the thing, else a Forbidden error with
// key permission.sign_in (for a visitor, Unauthorized), one of three where its
// token does not carry it (see [Actor.lacks]), permission.foreign (it is changed in its own city
// only), permission.state (it could in another state) or
// permission.role.
func (a *Actor) May(do Action, to Object) error {
	if !a.Known() {
		return &Error{Code: Unauthorized, Op: string(do), Key: "permission.sign_in"}
	}
	if !a.Carries(do) {
		return a.lacks(do)
	}
	if to.Foreign && do.changesListing() {
		return &Error{Code: Forbidden, Op: string(do), Key: "permission.foreign", Args: map[string]any{"action": string(do)}}
	}
	key := "permission.role"
	for _, rule := range rulesOf()[do] {
		if !a.Has(rule.Roles...) || !rule.reaches(a, to) {
			continue
		}
		if len(rule.States) == 0 || slices.Contains(rule.States, to.State) {
			return nil
		}
		key = "permission.state"
	}
	return &Error{Code: Forbidden, Op: string(do), Key: key, Args: map[string]any{"action": string(do)}}
}

// MayEver reports whether there is anything a may do that to: what a route
// asks before it knows the thing.
func (a *Actor) MayEver(do Action) bool {
	return a.Carries(do) && slices.ContainsFunc(rulesOf()[do], func(rule Rule) bool { return a.Has(rule.Roles...) })
}

// Carries reports whether a acts in person, or by a token one of whose scopes
// names the action.
func (a *Actor) Carries(do Action) bool {
	return a.Token == "" || slices.ContainsFunc(a.Scopes, func(s Scope) bool { return slices.Contains(s.Actions(), do) })
}

// Actions returns every action of the table, each once, in its order.
func Actions() []Action {
	var all []Action
	for _, rule := range Rules() {
		if !slices.Contains(all, rule.Action) {
			all = append(all, rule.Action)
		}
	}
	return all
}

// reaches reports whether the thing is near enough and of the right kind. An
// account without organisation or department has none in common with anything.
func (r *Rule) reaches(a *Actor, to Object) bool {
	if len(r.Kinds) > 0 && !slices.Contains(r.Kinds, to.Kind) {
		return false
	}
	switch r.Reach {
	case ReachOthers:
		return a.OrgID == "" || a.OrgID != to.OrgID
	case ReachOrg:
		return a.OrgID != "" && a.OrgID == to.OrgID
	case ReachDepartment:
		return a.Department != "" && NameKey(a.Department) == NameKey(to.Department)
	case ReachSelf:
		return a.ID == to.Account
	}
	return true
}
