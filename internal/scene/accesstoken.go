package scene

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Scope is a part of what its owner may do that an access token carries.
type Scope string

// The scopes.
const (
	ScopeRead          Scope = "read"           // see what the owner sees
	ScopeWriteListings Scope = "write:listings" // write and hand in entries, and what the organisation says of itself
	ScopeImport        Scope = "write:lists"    // bring whole lists in
	ScopeMatch         Scope = "match"          // ask for matches of what is not published
	ScopeSearches      Scope = "searches"       // keep searches and read what they found
	ScopePairs         Scope = "pairs"          // read pairs that people work on, and take them on
	ScopeInbox         Scope = "inbox"          // read the owner's inbox and mark it as read
	ScopeReceivers     Scope = "receivers"      // set receivers up, and read what they were sent
	ScopePublish       Scope = "publish"        // write batches and showcases, and release them
	ScopeEvents        Scope = "events"         // take part in matchmaking events, and run their day
	ScopePlanEvents    Scope = "plan:events"    // make matchmaking events, let parties in, plan and publish
	ScopeReviews       Scope = "reviews"        // take entries through review, ask experts, and decide on proposed revisions
	ScopeCurate        Scope = "curate"         // pins and exclusions, words and crosswalks, organisations that are one
	ScopeAccounts      Scope = "accounts"       // see accounts, change none, and see who did what
)

// Scopes returns all scopes, in the order in which a person expects them.
func Scopes() []Scope {
	return []Scope{
		ScopeRead, ScopeMatch, ScopeSearches, ScopePairs, ScopeEvents, ScopePlanEvents, ScopeInbox, ScopeReceivers, ScopeWriteListings, ScopePublish, ScopeImport,
		ScopeReviews, ScopeCurate, ScopeAccounts,
	}
}

// Valid reports whether s is one of the scopes.
func (s Scope) Valid() bool { return slices.Contains(Scopes(), s) }

// Actions lists what a token with the scope may do, where its owner may. What
// no scope names, such as changing a password or letting people in, no token does.
func (s Scope) Actions() []Action {
	switch s {
	case ScopeRead:
		return []Action{OrganisationRead, ListingRead}
	case ScopeWriteListings:
		return []Action{ListingCreate, ListingEdit, ListingPropose, ListingSubmit, ListingWithdraw, ListingRetire, OrganisationEdit}
	case ScopeImport:
		return []Action{ListImport}
	case ScopeMatch:
		return []Action{MatchAsk}
	case ScopeSearches:
		return []Action{SearchKeep}
	case ScopePairs: // what shows a contact, or agrees to it, is left to people
		return []Action{EngagementRead, EngagementExpress, EngagementAnswer, EngagementSpeak, EngagementMove, EngagementRecommend, EngagementForm}
	case ScopeInbox:
		return []Action{NoticeRead}
	case ScopeReceivers:
		return []Action{WebhookManage}
	case ScopePublish:
		return []Action{BatchManage, ShowcaseManage}
	case ScopeEvents:
		return []Action{FairRead, FairJoin, FairRun}
	case ScopePlanEvents:
		return []Action{FairRead, FairJoin, FairManage}
	case ScopeReviews:
		return []Action{ListingReview, ListingRevise, OpinionAsk, OpinionRead}
	case ScopeCurate:
		return []Action{PairMark, VocabularyEdit, OrganisationMerge}
	case ScopeAccounts: // letting people in, and roles, are left to people
		return []Action{AccountList, AuditRead}
	}
	return nil
}

// Useful reports whether an account with those roles may do anything that the
// scope names and none before it in the order of [Scopes] does: who only takes part
// in events has no use for the scope that plans them.
func (s Scope) Useful(roles []Role) bool {
	a := Actor{ID: "x", Roles: roles}
	own := s.Actions()
	for _, before := range Scopes() {
		if before == s {
			break
		}
		own = slices.DeleteFunc(own, func(do Action) bool { return slices.Contains(before.Actions(), do) })
	}
	return slices.ContainsFunc(own, a.MayEver)
}

// lacks is the refusal of a token that does not carry an action: with the role of
// its owner a scope is missing, which it names; else the role is, which no token
// mends; what no scope names is done by people.
func (a *Actor) lacks(do Action) error {
	e := &Error{Code: Forbidden, Op: string(do), Key: "permission.scope", Args: map[string]any{"action": string(do)}}
	person := Actor{ID: a.ID, Roles: a.Roles}
	scope := slices.IndexFunc(Scopes(), func(s Scope) bool { return slices.Contains(s.Actions(), do) })
	switch {
	case !person.MayEver(do):
		e.Key = "permission.role_of_token"
	case scope < 0:
		e.Key = "permission.in_person"
	default:
		e.Args["scope"] = string(Scopes()[scope])
	}
	return e
}

// AccessToken lets another program act for an account, within scopes. What it
// may do is what the account may do now, and no more.
type AccessToken struct {
	ID ID `json:"id"`
	// Digest is the SHA-256 digest, in hex, of what the program holds.
	Digest    string `json:"digest"`
	Name      string `json:"name"` // what it is for, as its owner calls it
	AccountID ID     `json:"account_id"`
	// OrgID is the organisation that the account belonged to when the token was
	// made, "" for the centre. One whose account has moved on is worthless.
	OrgID   ID        `json:"org_id,omitempty"`
	Scopes  []Scope   `json:"scopes"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	// Used is when it was last used, to the minute, and From where.
	Used    time.Time `json:"used,omitzero"`
	From    string    `json:"from,omitempty"`
	Revoked time.Time `json:"revoked,omitzero"`
	// Revoker is who revoked it.
	Revoker ID `json:"revoker,omitempty"`
}

// Live reports whether the token still works at that time.
func (t *AccessToken) Live(at time.Time) bool { return t.Revoked.IsZero() && at.Before(t.Expires) }

// maxTokenName bounds the name of a token in code points.
const maxTokenName = 60

// Validate checks t and returns an Invalid *Error with one field per fault, or nil.
func (t *AccessToken) Validate() error {
	var f faults
	f.require("name", t.Name)
	f.tooLong("name", t.Name, maxTokenName)
	f.check(utf8.ValidString(t.Name) && !strings.ContainsAny(t.Name, "\r\n\x00"), "name", "access_token.name")
	f.check(len(t.Scopes) > 0, "scopes", "access_token.scopes_missing")
	for _, s := range t.Scopes {
		if !s.Valid() {
			f.add("scopes", "access_token.scope_unknown", map[string]any{"value": string(s)})
		}
	}
	return f.err("access_token.invalid")
}

// Answer is what a request with an idempotency key was answered, kept so that
// the same request gets the same answer.
type Answer struct {
	Key     string    `json:"key"`    // caller, operation and key, as one digest
	Digest  string    `json:"digest"` // of the request
	Status  int       `json:"status"` // 0 while the request is being worked on
	Header  []string  `json:"header,omitempty"`
	Body    []byte    `json:"body,omitempty"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
}

// Done reports whether the request has been answered.
func (a *Answer) Done() bool { return a.Status != 0 }
