package match

import (
	"slices"
	"strings"
	"time"
	"unique"

	"jinghe/internal/scene"
)

// Side tells who a profile speaks for.
type Side string

// The sides.
const (
	SideNeed  Side = "need"
	SideOffer Side = "offer"
)

// Text is one text field of a profile, as its owner wrote it.
type Text struct {
	Field string // JSON name of the field, e.g. "name", "targets"
	Value string
}

// Profile is what one listing brings to a match. Both sides have the same
// type; fields that a side does not know stay empty. A profile is not changed
// after it was made and may be shared.
type Profile struct {
	Ref  Ref
	Side Side
	// Org identifies the organisation: its ID, else its folded name.
	Org   string
	Texts []Text // first the name, then the body in order of display

	Fields     []string // dictionary “field”
	Industries []string // dictionary “industry”, of the listing and of its organisation
	Modes      []string
	Regions    []string // where a need lands, or where a provider delivers
	OrgRegion  string   // where the organisation sits

	Money      scene.MoneyRange // budget of a need, price of an offer
	Months     scene.Months     // wanted, or promised
	Maturity   scene.Maturity
	Indicators []Indicator

	// Only needs have these.
	Require  scene.Eligibility
	FirstUse scene.Truth

	// Only offers have these.
	Qualifications []scene.Qualification
	Wants          scene.Terms
	Domestic       scene.Truth
	MLPS           int
	Cases          int
	FirstOfKind    bool
	HasIP          bool

	State              scene.State // "" where the listing never was in a store
	ValidFrom, ValidTo time.Time
	Updated            time.Time

	bag bag
	// alike holds the synonyms of a need's words.
	alike bag
	// said is how many different words with a meaning of their own a need has, up to enoughSaid.
	said int
	// figures is how many numbers the texts state: of a need, those to be reached.
	figures int
	site    bool // a need says where it lands, if in no words that a dictionary knows
}

// Need makes the profile of an opportunity; org may be nil.
func (e *Engine) Need(o *scene.Opportunity, org *scene.Organisation) *Profile {
	p := e.listing(&o.Listing, org, SideNeed)
	p.addTexts(
		Text{"need", o.Need}, Text{"targets", o.Targets}, Text{"situation", o.Situation},
		Text{"technology", o.TechText}, Text{"works", o.Works}, Text{"resources", o.Resources},
		Text{"keywords", strings.Join(o.Keywords, "、")},
	)
	p.Money, p.Months = o.Budget, o.Schedule
	p.Require, p.FirstUse = o.Require, o.FirstUse
	p.site = strings.TrimSpace(o.SiteText) != ""
	e.analyse(p)
	return p
}

// Offer makes the profile of a capability; org may be nil.
func (e *Engine) Offer(c *scene.Capability, org *scene.Organisation) *Profile {
	p := e.listing(&c.Listing, org, SideOffer)
	p.addTexts(
		Text{"description", c.Description}, Text{"scenarios", c.ScenarioText},
		Text{"technology", c.TechText}, Text{"indicators", c.Indicators},
		Text{"product", c.Product}, Text{"keywords", strings.Join(c.Keywords, "、")},
	)
	p.Money, p.Months = c.Price, c.Delivery
	p.Qualifications = c.Qualifications
	if org != nil && len(org.Qualifications) > 0 {
		p.Qualifications = append(append([]scene.Qualification(nil), c.Qualifications...), org.Qualifications...)
	}
	p.Wants, p.Domestic, p.MLPS = c.Wants, c.Domestic, c.MLPS
	p.Cases, p.FirstOfKind = len(c.Cases), c.FirstOfKind != ""
	p.HasIP = strings.TrimSpace(c.IP) != ""
	e.analyse(p)
	return p
}

func (e *Engine) listing(l *scene.Listing, org *scene.Organisation, side Side) *Profile {
	p := &Profile{
		Ref:  Ref{ID: l.ID, Code: l.Code, Name: l.Name, Org: l.OrgName},
		Side: side, Texts: []Text{{"name", l.Name}},
		Fields: codes(l.Fields), Industries: codes(l.Industries), Modes: codes(l.Modes), Regions: codes(l.Regions),
		Maturity: l.Maturity, State: l.State,
		ValidFrom: l.ValidFrom, ValidTo: l.ValidTo, Updated: l.Updated,
	}
	if p.Ref.Code == "" {
		p.Ref.Code = l.RowLabel
	}
	p.Org = string(l.OrgID)
	if p.Org == "" {
		p.Org = scene.NameKey(l.OrgName)
	}
	if org != nil {
		p.OrgRegion = unique.Make(org.Region).Value()
		if p.Ref.Org == "" {
			p.Ref.Org = org.Name
		}
		if len(p.Industries) == 0 {
			p.Industries = codes(org.Industries)
		}
	}
	return p
}

func (p *Profile) addTexts(texts ...Text) {
	for _, t := range texts {
		if strings.TrimSpace(t.Value) != "" {
			p.Texts = append(p.Texts, t)
		}
	}
}

// maxBody bounds how much of a body is read, in code points. A page has about
// a thousand; a cell may hold 32,767.
const maxBody = 8_000

// analyse fills what is derived from the texts.
func (e *Engine) analyse(p *Profile) {
	title := []rune(e.lex.Fold(p.Texts[0].Value))
	var body []rune
	for _, t := range p.Texts[1:] {
		if len(body) >= maxBody {
			break
		}
		folded := []rune(e.lex.Fold(t.Value))
		body = append(append(body, folded[:min(len(folded), maxBody-len(body))]...), '\n')
	}
	p.bag = newBag(title, body)
	p.Indicators = e.indicators(p)
	if p.Side == SideNeed {
		p.alike = e.alike(string(title), string(body))
		p.said = e.saidBy(p)
	}
	p.pack()
}

// codes returns a list of codes of a dictionary, each of which all profiles share.
func codes(list []string) []string {
	out := slices.Clone(list)
	for i, code := range out {
		out[i] = unique.Make(code).Value()
	}
	return out
}

// pack puts the texts of a profile into one string. A province has some
// twenty for each of its listings, and as strings of their own they are what
// the collector of garbage spends its time on.
func (p *Profile) pack() {
	parts := []*string{(*string)(&p.Ref.ID), &p.Ref.Code, &p.Ref.Org, &p.Org}
	for i := range p.Texts {
		parts = append(parts, &p.Texts[i].Value)
	}
	for i := range p.Indicators {
		parts = append(parts, &p.Indicators[i].Name, &p.Indicators[i].Text)
	}
	size := 0
	for _, s := range parts {
		size += len(*s)
	}
	var all strings.Builder
	all.Grow(size)
	for _, s := range parts {
		all.WriteString(*s)
	}
	rest := all.String()
	for _, s := range parts {
		*s, rest = rest[:len(*s)], rest[len(*s):]
	}
	p.Ref.Name = p.Texts[0].Value
}

// Open reports whether the listing stands open at the given instant. One that
// never was in a store has no state and is open while it is valid.
func (p *Profile) Open(at time.Time) bool {
	l := scene.Listing{State: p.State, ValidFrom: p.ValidFrom, ValidTo: p.ValidTo}
	if p.State == "" {
		l.State = scene.Published
	}
	return l.Open(at)
}

// Hidden reports whether nobody but its owner and the staff may learn of the
// listing at the given instant: it stands in a store and is not open. A row
// read from a file has no secrets from who brought the file.
func (p *Profile) Hidden(at time.Time) bool { return p.State != "" && !p.Open(at) }

// Public reports whether the listing was published, or never was in a store.
func (p *Profile) Public() bool { return p.State == "" || p.State == scene.Published }

// TitleAndBody returns the name and the other texts joined, for an index.
func (p *Profile) TitleAndBody() (title, body string) {
	parts := make([]string, 0, len(p.Texts))
	for _, t := range p.Texts[1:] {
		parts = append(parts, t.Value)
	}
	return p.Texts[0].Value, strings.Join(parts, "\n")
}
