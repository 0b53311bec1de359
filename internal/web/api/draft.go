package api

import (
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
)

// EntryPart is what an entry of either kind says of itself, as its owner writes
// it. What is absent is not stated; only the contact, which is never told,
// stays as it was where it is absent.
type EntryPart struct {
	Name       string     `json:"name" minLength:"1" maxLength:"200" example:"大桥结构健康在线监测"`
	NameEn     string     `json:"name_en,omitempty" maxLength:"200"`
	SummaryEn  string     `json:"summary_en,omitempty" maxLength:"2000"`
	Fields     []string   `json:"fields,omitempty" nullable:"false" maxItems:"20" doc:"Codes of the dictionary “field” (应用领域). Needed to hand it in."`
	Industries []string   `json:"industries,omitempty" nullable:"false" maxItems:"20" doc:"Codes of the dictionary “industry”."`
	Modes      []string   `json:"modes,omitempty" nullable:"false" maxItems:"20" doc:"Codes of the dictionary “mode” (合作方式)."`
	Regions    []string   `json:"regions,omitempty" nullable:"false" maxItems:"50" doc:"Division codes."`
	Keywords   []string   `json:"keywords,omitempty" nullable:"false" maxItems:"20"`
	Maturity   *TRL       `json:"maturity,omitempty"`
	ValidTo    *time.Time `json:"valid_to,omitempty" doc:"Last instant of validity."`
	// The contact goes in and never comes out.
	Person string `json:"contact_person,omitempty" writeOnly:"true" maxLength:"50" doc:"Whom to talk to. Never told by the API; needed to hand the entry in."`
	Phone  string `json:"contact_phone,omitempty" writeOnly:"true" maxLength:"40" doc:"Never told by the API; this or a mail address is needed to hand the entry in."`
	Mail   string `json:"contact_mail,omitempty" writeOnly:"true" maxLength:"254" doc:"Never told by the API."`
}

// TRL is a range of technology readiness levels.
type TRL struct {
	Min int `json:"min" minimum:"1" maximum:"9"`
	Max int `json:"max" minimum:"1" maximum:"9"`
}

// OpportunityEntry is a scenario opportunity as its owner writes it.
type OpportunityEntry struct {
	EntryPart
	Department  string       `json:"department,omitempty" maxLength:"200" doc:"牵头部门/建议对接部门."`
	OwnerKind   string       `json:"owner_kind,omitempty" enum:"government,soe,private,public_space,institute" doc:"单位性质."`
	Situation   string       `json:"situation,omitempty" maxLength:"32767" doc:"现状与痛点."`
	Need        string       `json:"need,omitempty" maxLength:"32767" doc:"具体需求."`
	Targets     string       `json:"targets,omitempty" maxLength:"32767" doc:"技术指标."`
	Works       string       `json:"works,omitempty" maxLength:"32767" doc:"建设内容."`
	Resources   string       `json:"resources,omitempty" maxLength:"32767" doc:"已有基础与可开放资源."`
	Site        string       `json:"site,omitempty" maxLength:"2000" doc:"落地区域 as written."`
	Technology  string       `json:"technology,omitempty" maxLength:"2000" doc:"主要技术."`
	Budget      *Money       `json:"budget,omitempty"`
	Schedule    *Months      `json:"schedule,omitempty" doc:"Wanted delivery time."`
	Procurement string       `json:"procurement,omitempty" maxLength:"200" doc:"采购方式."`
	FirstUse    string       `json:"first_use,omitempty" enum:"yes,no,unknown" doc:"Is a first use (首试首用) welcome?"`
	Eligibility *Requirement `json:"eligibility,omitempty"`
}

// Requirement is what an owner demands of a provider, as he writes it.
type Requirement struct {
	Qualifications []string `json:"qualifications,omitempty" nullable:"false" maxItems:"20" doc:"Codes of the dictionary “qualification”; all must be held."`
	Regions        []string `json:"regions,omitempty" nullable:"false" maxItems:"50" doc:"The provider sits in any one of these."`
	MinMaturity    int      `json:"min_maturity,omitempty" minimum:"0" maximum:"9" doc:"Lowest acceptable TRL."`
	Domestic       bool     `json:"domestic,omitempty" doc:"国产化/信创 is demanded."`
	MLPS           int      `json:"mlps,omitempty" minimum:"0" maximum:"5" doc:"Level of 等保 demanded."`
	Consortium     string   `json:"consortium,omitempty" enum:"yes,no,unknown" doc:"May 联合体 bid?"`
}

// CapabilityEntry is a scenario capability as its owner writes it.
type CapabilityEntry struct {
	EntryPart
	Description    string          `json:"description,omitempty" maxLength:"32767" doc:"场景能力说明."`
	Product        string          `json:"product,omitempty" maxLength:"32767" doc:"企业与产品简介."`
	ProductForm    string          `json:"product_form,omitempty" maxLength:"200"`
	Technology     string          `json:"technology,omitempty" maxLength:"2000" doc:"主要技术."`
	Scenarios      string          `json:"scenarios,omitempty" maxLength:"32767" doc:"可应用落地场景."`
	Indicators     string          `json:"indicators,omitempty" maxLength:"32767" doc:"性能指标."`
	Conditions     string          `json:"conditions,omitempty" maxLength:"2000" doc:"Deployment conditions."`
	IP             string          `json:"ip,omitempty" maxLength:"2000" doc:"知识产权."`
	Cases          []Case          `json:"cases,omitempty" nullable:"false" maxItems:"50"`
	Qualifications []Qualification `json:"qualifications,omitempty" nullable:"false" maxItems:"50"`
	Price          *Money          `json:"price,omitempty"`
	Delivery       *Months         `json:"delivery,omitempty"`
	FirstOfKind    string          `json:"first_of_kind,omitempty" maxLength:"20" doc:"首台套, 首批次 or 首版次."`
	Domestic       string          `json:"domestic,omitempty" enum:"yes,no,unknown" doc:"国产化/信创 fit."`
	MLPS           int             `json:"mlps,omitempty" minimum:"0" maximum:"5" doc:"Level of 等保 reached."`
	Wants          *Terms          `json:"wants,omitempty"`
}

// Terms are what a provider demands of a scenario, as it writes them.
type Terms struct {
	Regions      []string `json:"regions,omitempty" nullable:"false" maxItems:"50" doc:"Serves only these divisions."`
	MinBudgetFen int64    `json:"min_budget_fen,omitempty" minimum:"0" doc:"Does not start below."`
	Modes        []string `json:"modes,omitempty" nullable:"false" maxItems:"20" doc:"Accepts only these modes."`
}

// codes are the values of an entry that a dictionary must know, by field.
type codes map[string]coded

type coded struct {
	dictionary string
	values     []string
}

// unknown returns an Invalid error that names every field with a code that no dictionary knows.
func (c codes) unknown(d *scene.Dictionaries) error {
	var faults []scene.FieldError
	for field, x := range c {
		dict, _ := d.Get(x.dictionary)
		for _, v := range x.values {
			if !slices.ContainsFunc(dict.Terms, func(t scene.Term) bool { return t.Code == v }) {
				faults = append(faults, scene.FieldError{Field: field, Key: "api.code", Args: map[string]any{"value": v, "dictionary": x.dictionary}})
			}
		}
	}
	if len(faults) == 0 {
		return nil
	}
	slices.SortFunc(faults, func(a, b scene.FieldError) int { return strings.Compare(a.Field, b.Field) })
	return &scene.Error{Code: scene.Invalid, Op: "api.codes", Key: "api.codes", Fields: faults}
}

func (e *EntryPart) codes() codes {
	return codes{
		"fields": {scene.DictField, e.Fields}, "industries": {scene.DictIndustry, e.Industries},
		"modes": {scene.DictMode, e.Modes}, "regions": {scene.DictRegion, e.Regions},
	}
}

// into writes the part into a listing. A contact that is absent stays.
func (e *EntryPart) into(l *scene.Listing) {
	l.Name, l.NameEn, l.Summary = e.Name, e.NameEn, e.SummaryEn
	l.Fields, l.Industries, l.Modes, l.Regions, l.Keywords = e.Fields, e.Industries, e.Modes, e.Regions, e.Keywords
	l.Maturity, l.ValidTo = scene.Maturity{}, time.Time{}
	if e.Maturity != nil {
		l.Maturity = scene.Maturity(*e.Maturity)
	}
	if e.ValidTo != nil {
		l.ValidTo = e.ValidTo.UTC()
	}
	for _, x := range []struct {
		to   *string
		from string
	}{{&l.Contact.Person, e.Person}, {&l.Contact.Phone, e.Phone}, {&l.Contact.Mail, e.Mail}} {
		if x.from != "" {
			*x.to = x.from
		}
	}
}

func partOf(l *scene.Listing) EntryPart {
	e := EntryPart{
		Name: l.Name, NameEn: l.NameEn, SummaryEn: l.Summary, Fields: l.Fields, Industries: l.Industries,
		Modes: l.Modes, Regions: l.Regions, Keywords: l.Keywords, ValidTo: instant(l.ValidTo),
	}
	if l.Maturity.Known() {
		e.Maturity = &TRL{l.Maturity.Min, l.Maturity.Max}
	}
	return e
}

func (e *OpportunityEntry) into(o *scene.Opportunity, d *scene.Dictionaries) error {
	e.EntryPart.into(&o.Listing)
	o.Department, o.OwnerKind, o.Situation, o.Need, o.Targets = e.Department, scene.OwnerKind(e.OwnerKind), e.Situation, e.Need, e.Targets
	o.Works, o.Resources, o.SiteText, o.TechText, o.Procurement = e.Works, e.Resources, e.Site, e.Technology, e.Procurement
	o.Budget, o.Schedule, o.FirstUse = rangeOf(e.Budget), periodOf(e.Schedule), truthOf(e.FirstUse)
	all := e.codes()
	o.Require = scene.Eligibility{}
	if q := e.Eligibility; q != nil {
		o.Require = scene.Eligibility{
			Qualifications: q.Qualifications, Regions: q.Regions, MinMaturity: q.MinMaturity, Domestic: q.Domestic, MLPS: q.MLPS,
			Consortium: truthOf(q.Consortium),
		}
		all["eligibility.qualifications"] = coded{scene.DictQualification, q.Qualifications}
		all["eligibility.regions"] = coded{scene.DictRegion, q.Regions}
	}
	return all.unknown(d)
}

func opportunityEntryOf(o *scene.Opportunity) OpportunityEntry {
	e := OpportunityEntry{
		EntryPart: partOf(&o.Listing), Department: o.Department, OwnerKind: string(o.OwnerKind), Situation: o.Situation, Need: o.Need,
		Targets: o.Targets, Works: o.Works, Resources: o.Resources, Site: o.SiteText, Technology: o.TechText, Procurement: o.Procurement,
		Budget: moneyOf(o.Budget), Schedule: monthsOf(o.Schedule), FirstUse: o.FirstUse.String(),
	}
	if q := o.Require; len(q.Qualifications)+len(q.Regions)+q.MinMaturity+q.MLPS > 0 || q.Domestic || q.Consortium != scene.Unknown {
		e.Eligibility = &Requirement{q.Qualifications, q.Regions, q.MinMaturity, q.Domestic, q.MLPS, q.Consortium.String()}
	}
	return e
}

func (e *CapabilityEntry) into(c *scene.Capability, d *scene.Dictionaries) error {
	e.EntryPart.into(&c.Listing)
	c.Description, c.Product, c.ProductForm, c.TechText, c.ScenarioText = e.Description, e.Product, e.ProductForm, e.Technology, e.Scenarios
	c.Indicators, c.Conditions, c.IP, c.FirstOfKind, c.MLPS = e.Indicators, e.Conditions, e.IP, e.FirstOfKind, e.MLPS
	c.Price, c.Delivery, c.Domestic = rangeOf(e.Price), periodOf(e.Delivery), truthOf(e.Domestic)
	c.Cases = nil
	for _, x := range e.Cases {
		c.Cases = append(c.Cases, scene.Case(x))
	}
	all := e.codes()
	held := coded{dictionary: scene.DictQualification}
	c.Qualifications = nil
	for _, q := range e.Qualifications {
		held.values = append(held.values, q.Code)
		until, _ := time.Parse(time.DateOnly, q.Until) // the schema has checked it
		c.Qualifications = append(c.Qualifications, scene.Qualification{Code: q.Code, Level: q.Level, Text: q.Text, Until: until})
	}
	all["qualifications"] = held
	c.Wants = scene.Terms{}
	if w := e.Wants; w != nil {
		c.Wants = scene.Terms{Regions: w.Regions, MinBudget: scene.Money(w.MinBudgetFen), Modes: w.Modes}
		all["wants.regions"] = coded{scene.DictRegion, w.Regions}
		all["wants.modes"] = coded{scene.DictMode, w.Modes}
	}
	return all.unknown(d)
}

func capabilityEntryOf(c *scene.Capability) CapabilityEntry {
	e := CapabilityEntry{
		EntryPart: partOf(&c.Listing), Description: c.Description, Product: c.Product, ProductForm: c.ProductForm, Technology: c.TechText,
		Scenarios: c.ScenarioText, Indicators: c.Indicators, Conditions: c.Conditions, IP: c.IP, Price: moneyOf(c.Price),
		Delivery: monthsOf(c.Delivery), FirstOfKind: c.FirstOfKind, Domestic: c.Domestic.String(), MLPS: c.MLPS,
	}
	for _, x := range c.Cases {
		e.Cases = append(e.Cases, Case(x))
	}
	if len(c.Qualifications) > 0 {
		e.Qualifications = qualificationsOf(c.Qualifications)
	}
	if w := c.Wants; len(w.Regions)+len(w.Modes) > 0 || w.MinBudget != 0 {
		e.Wants = &Terms{w.Regions, int64(w.MinBudget), w.Modes}
	}
	return e
}

func rangeOf(m *Money) scene.MoneyRange {
	if m == nil {
		return scene.MoneyRange{}
	}
	return scene.MoneyRange{Min: scene.Money(m.MinFen), Max: scene.Money(m.MaxFen), Negotiable: m.Negotiable}
}

func periodOf(m *Months) scene.Months {
	if m == nil {
		return scene.Months{}
	}
	return scene.Months(*m)
}

// truthOf reads the form of scene.Truth, which the schema has checked.
func truthOf(s string) scene.Truth {
	switch s {
	case scene.Yes.String():
		return scene.Yes
	case scene.No.String():
		return scene.No
	}
	return scene.Unknown
}
