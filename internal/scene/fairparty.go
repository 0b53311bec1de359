package scene

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// FairPartyState is where the sign-up of a party stands.
type FairPartyState string

// The states of a party.
const (
	PartyInvited   FairPartyState = "invited"   // the centre asked it, and it has not answered; it holds no place
	PartyApplied   FairPartyState = "applied"   // somebody has to let it in
	PartyWaiting   FairPartyState = "waiting"   // the fair is full; it moves up when a place is free
	PartyAccepted  FairPartyState = "accepted"  // takes part
	PartyRefused   FairPartyState = "refused"   // was not let in
	PartyWithdrawn FairPartyState = "withdrawn" // does not come after all
)

// FairWishKind is how much a party wants to meet another.
type FairWishKind string

// The kinds of wish.
const (
	WishMust  FairWishKind = "must"
	WishWant  FairWishKind = "want"
	WishNever FairWishKind = "never" // competitors, met before
)

// FairWish is what a party says about another. It binds nobody's calendar.
type FairWish struct {
	To   ID           `json:"to"` // party
	Kind FairWishKind `json:"kind"`
	Note string       `json:"note,omitempty"` // for the other side: what to talk about
	At   time.Time    `json:"at"`
}

// Delegate is a person who comes for a party.
type Delegate struct {
	ID   ID     `json:"id"`
	Name string `json:"name"`
	Post string `json:"post,omitempty"` // 职务
	Mail string `json:"mail,omitempty"` // protected; for the personal link
	// Code opens the personal page of the delegate: 100 bits in letters and
	// digits that are not mistaken for each other. Empty: the link was revoked.
	Code string   `json:"code,omitempty"`
	Away []string `json:"away,omitempty"` // slots in which he is not there
	// Unnamed says that the party was invited and has not told yet who comes: the
	// delegate stands for whoever that is, under the name of the party.
	Unnamed bool `json:"unnamed,omitempty"`
	// Consents are what he agreed to by his personal link, as an account keeps its own.
	Consents []Consent `json:"consents,omitempty"`
}

// FairListing is an entry that a party brings.
type FairListing struct {
	Kind Kind `json:"kind"`
	ID   ID   `json:"id"`
}

// FairSide is on which side of the market a party stands, "" where that is not known.
type FairSide string

// The sides.
const (
	SideNeeds  FairSide = FairSide(KindOpportunity) // it has needs
	SideOffers FairSide = FairSide(KindCapability)  // it has something to offer
	SideBoth   FairSide = "both"
)

// And is the side of who stands on both s and another one.
func (s FairSide) And(other FairSide) FairSide {
	switch {
	case s == "" || s == other:
		return other
	case other == "":
		return s
	}
	return SideBoth
}

// FairParty is an organisation, or group of people, that takes part in a fair.
type FairParty struct {
	ID       ID             `json:"id"`
	Revision int            `json:"revision"` // starts at 1, rises with every write
	FairID   ID             `json:"fair_id"`
	OrgID    ID             `json:"org_id,omitempty"` // "" for a party without an account or entry here
	Name     string         `json:"name"`
	State    FairPartyState `json:"state"`
	Hosted   bool           `json:"hosted,omitempty"`   // accepts whoever asks, up to its maximum
	Newcomer bool           `json:"newcomer,omitempty"` // its first fair
	// Share says that the delegates go together, one meeting at a time; else
	// each takes meetings alone.
	Share bool `json:"share,omitempty"`
	// Min and Max are the fewest and most meetings; nil means what the fair says.
	Min       *int          `json:"min,omitempty"`
	Max       *int          `json:"max,omitempty"`
	Languages []string      `json:"languages,omitempty"` // "zh", "en", …; none means Chinese
	Away      []string      `json:"away,omitempty"`      // slots in which nobody of it is there
	Delegates []Delegate    `json:"delegates"`
	Listings  []FairListing `json:"listings,omitempty"`
	// Side is on which side the organisation stands, of a party without Listings: they say it.
	Side     FairSide   `json:"side,omitempty"`
	Wishes   []FairWish `json:"wishes,omitempty"`
	Note     string     `json:"note,omitempty"`     // for the organisers
	Declined string     `json:"declined,omitempty"` // why it does not come, as it answered its invitation
	// SaidNo is when it answered its invitation with a no, zero where it withdrew otherwise.
	SaidNo  time.Time `json:"said_no,omitzero"`
	Created time.Time `json:"created"` // of the sign-up, or of the yes to an invitation: who waits longest moves up first
	Updated time.Time `json:"updated"`
}

// Bounds of a party.
const (
	maxDelegates    = 30
	MaxFairListings = 50 // that it brings
)

// Wish returns what p says about another party, and whether it says anything.
func (p *FairParty) Wish(to ID) (FairWish, bool) {
	i := slices.IndexFunc(p.Wishes, func(w FairWish) bool { return w.To == to })
	if i < 0 {
		return FairWish{}, false
	}
	return p.Wishes[i], true
}

// Delegate returns the delegate of that id.
func (p *FairParty) Delegate(id ID) (Delegate, bool) {
	i := slices.IndexFunc(p.Delegates, func(d Delegate) bool { return d.ID == id })
	if i < 0 {
		return Delegate{}, false
	}
	return p.Delegates[i], true
}

// Asked reports whether p can say yes to its invitation: it has not answered, or said no
// and may think better of it.
func (p *FairParty) Asked() bool {
	return p.State == PartyInvited || p.State == PartyWithdrawn && !p.SaidNo.IsZero()
}

// Awaits reports whether p has yet to say who comes.
func (p *FairParty) Awaits() bool {
	return slices.ContainsFunc(p.Delegates, func(d Delegate) bool { return d.Unnamed })
}

// Validate checks p and returns an Invalid *Error with one field per fault, or nil.
func (p *FairParty) Validate() error {
	var x faults
	x.require("name", p.Name)
	x.tooLong("name", p.Name, maxName)
	x.tooLong("note", p.Note, 2_000)
	x.check(len(p.Delegates) > 0, "delegates", "fair.no_delegate")
	x.check(len(p.Delegates) <= maxDelegates, "delegates", "fair.too_many_delegates")
	for i := range p.Delegates {
		d := &p.Delegates[i]
		switch {
		case strings.TrimSpace(d.Name) == "":
			x.add("delegates", "fair.delegate_name", map[string]any{"number": i + 1, "post": Clip(cmp.Or(d.Post, d.Mail), 20)})
		case d.Mail != "" && !ValidMail(d.Mail):
			x.add("delegates", "fair.delegate_mail", map[string]any{"name": Clip(d.Name, 20), "mail": Clip(d.Mail, 60)})
		}
		x.tooLong("delegates", d.Name, 50)
		x.tooLong("delegates", d.Post, 50)
	}
	x.check(p.Min == nil || *p.Min >= 0, "min", "fair.negative")
	x.check(p.Max == nil || *p.Max >= 0, "max", "fair.negative")
	x.check(p.Min == nil || p.Max == nil || *p.Min <= *p.Max, "min", "fair.min_max")
	x.check(len(p.Listings) <= MaxFairListings, "listings", "fair.too_many_listings")
	x.check(len(p.Wishes) <= MaxFairWishes, "wishes", "fair.too_many_wishes")
	for _, w := range p.Wishes {
		x.check(w.Kind == WishMust || w.Kind == WishWant || w.Kind == WishNever, "wishes", "field.invalid")
		x.check(w.To != p.ID, "wishes", "fair.wish_self")
		x.tooLong("wishes", w.Note, 500)
	}
	return x.err("fair.party_invalid")
}
