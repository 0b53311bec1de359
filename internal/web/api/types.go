package api

import (
	"fmt"
	"time"

	"jinghe/internal/scene"
)

// Money is a budget or a price. A missing bound is open; both missing means not stated.
type Money struct {
	MinFen     int64 `json:"min_fen,omitempty" doc:"Lower bound in fen (1/100 yuan)." example:"30000000"`
	MaxFen     int64 `json:"max_fen,omitempty" doc:"Upper bound in fen." example:"50000000"`
	Negotiable bool  `json:"negotiable,omitempty" doc:"The list says 面议."`
}

// Months is a duration range.
type Months struct {
	Min float64 `json:"min,omitempty"`
	Max float64 `json:"max,omitempty"`
}

// Levels is a range of technology readiness levels, 1 to 9.
type Levels struct {
	Min   int    `json:"min" minimum:"1" maximum:"9"`
	Max   int    `json:"max" minimum:"1" maximum:"9"`
	Stage string `json:"stage" enum:"early,middle,mature" doc:"Column of the printed lists: 初期, 中期, 成熟应用."`
}

// Party names an organisation.
type Party struct {
	ID   scene.ID `json:"id,omitempty"`
	Name string   `json:"name"`
}

// Listing is what opportunities and capabilities share.
type Listing struct {
	ID           scene.ID   `json:"id" example:"01J9ZD3V5W8QJ7R2K4M6N8P0S1"`
	Revision     int        `json:"revision" doc:"Rises with every change." example:"3"`
	Code         string     `json:"code,omitempty" doc:"编号 as printed in its list."`
	Batch        string     `json:"batch,omitempty" doc:"第N批."`
	Name         string     `json:"name"`
	NameEn       string     `json:"name_en,omitempty"`
	SummaryEn    string     `json:"summary_en,omitempty"`
	Organisation Party      `json:"organisation"`
	Fields       []string   `json:"fields" nullable:"false" doc:"Codes of the dictionary “field” (应用领域)."`
	Industries   []string   `json:"industries" nullable:"false" doc:"Codes of the dictionary “industry”."`
	Modes        []string   `json:"modes" nullable:"false" doc:"Codes of the dictionary “mode” (合作方式)."`
	Regions      []string   `json:"regions" nullable:"false" doc:"Division codes; empty is not stated."`
	Keywords     []string   `json:"keywords" nullable:"false"`
	Category     string     `json:"category,omitempty" doc:"The category as written in its list."`
	Maturity     *Levels    `json:"maturity,omitempty"`
	State        string     `json:"state" enum:"published,paused,expired,closed,landed"`
	Open         bool       `json:"open" doc:"Published and valid now."`
	ValidFrom    *time.Time `json:"valid_from,omitempty"`
	ValidTo      *time.Time `json:"valid_to,omitempty" doc:"Last instant of validity."`
	Updated      time.Time  `json:"updated"`
	Origin       *Origin    `json:"origin,omitempty" doc:"Of an entry that belongs to another city, and is changed there only."`
}

// Opportunity is a scenario opportunity (场景机会).
type Opportunity struct {
	Listing
	Department  string       `json:"department,omitempty" doc:"牵头部门/建议对接部门."`
	OwnerKind   string       `json:"owner_kind,omitempty" doc:"单位性质: government, soe, private, public_space or institute."`
	Situation   string       `json:"situation,omitempty" doc:"现状与痛点."`
	Need        string       `json:"need,omitempty" doc:"具体需求."`
	Targets     string       `json:"targets,omitempty" doc:"技术指标."`
	Works       string       `json:"works,omitempty" doc:"建设内容."`
	Resources   string       `json:"resources,omitempty" doc:"已有基础与可开放资源."`
	Site        string       `json:"site,omitempty" doc:"落地区域 as written."`
	Technology  string       `json:"technology,omitempty" doc:"主要技术 as written."`
	Budget      *Money       `json:"budget,omitempty"`
	Schedule    *Months      `json:"schedule,omitempty" doc:"Wanted delivery time."`
	Procurement string       `json:"procurement,omitempty" doc:"采购方式 as written."`
	FirstUse    scene.Truth  `json:"first_use" enum:"yes,no,unknown" doc:"Is a first use (首试首用) welcome? yes, no or unknown."`
	Eligibility Requirements `json:"eligibility"`
}

// Requirements is what an owner demands of a provider.
type Requirements struct {
	Qualifications []string    `json:"qualifications" nullable:"false" doc:"All of these codes must be held."`
	Regions        []string    `json:"regions" nullable:"false" doc:"The provider sits in any one of these."`
	MinMaturity    int         `json:"min_maturity,omitempty" doc:"Lowest acceptable TRL."`
	Domestic       bool        `json:"domestic,omitempty" doc:"国产化/信创 is demanded."`
	MLPS           int         `json:"mlps,omitempty" doc:"Level of 等保 demanded."`
	Consortium     scene.Truth `json:"consortium" enum:"yes,no,unknown" doc:"May 联合体 bid? yes, no or unknown."`
}

// Capability is a scenario capability (场景能力).
type Capability struct {
	Listing
	Description    string          `json:"description,omitempty" doc:"场景能力说明."`
	Product        string          `json:"product,omitempty" doc:"企业与产品简介."`
	ProductForm    string          `json:"product_form,omitempty"`
	Technology     string          `json:"technology,omitempty" doc:"主要技术 as written."`
	Scenarios      string          `json:"scenarios,omitempty" doc:"可应用落地场景."`
	Indicators     string          `json:"indicators,omitempty" doc:"性能指标."`
	Level          string          `json:"level,omitempty" doc:"成果技术水平 as written."`
	Conditions     string          `json:"conditions,omitempty" doc:"Deployment conditions."`
	IP             string          `json:"ip,omitempty" doc:"知识产权 as written."`
	Qualifications []Qualification `json:"qualifications" nullable:"false"`
	Cases          []Case          `json:"cases" nullable:"false"`
	Price          *Money          `json:"price,omitempty"`
	Delivery       *Months         `json:"delivery,omitempty"`
	FirstOfKind    string          `json:"first_of_kind,omitempty" doc:"首台套, 首批次 or 首版次."`
	Domestic       scene.Truth     `json:"domestic" enum:"yes,no,unknown" doc:"国产化/信创 fit: yes, no or unknown."`
	MLPS           int             `json:"mlps,omitempty" doc:"Level of 等保 reached."`
	Wants          Wants           `json:"wants"`
}

// Wants is what a provider demands of a scenario.
type Wants struct {
	Regions      []string `json:"regions" nullable:"false" doc:"Serves only these divisions."`
	MinBudgetFen int64    `json:"min_budget_fen,omitempty" doc:"Does not start below."`
	Modes        []string `json:"modes" nullable:"false" doc:"Accepts only these modes."`
}

// Qualification is a title an organisation holds.
type Qualification struct {
	Code  string `json:"code" doc:"Code of the dictionary “qualification”."`
	Level string `json:"level,omitempty" doc:"national, provincial or municipal."`
	Text  string `json:"text,omitempty" doc:"As written in the source."`
	Until string `json:"until,omitempty" format:"date" doc:"Last day of validity, YYYY-MM-DD."`
}

// Case is a use of a capability at a customer.
type Case struct {
	Customer string `json:"customer"`
	Year     int    `json:"year,omitempty"`
	Result   string `json:"result,omitempty"`
}

// Organisation owns scenarios, provides technology, or both.
type Organisation struct {
	ID             scene.ID        `json:"id"`
	Revision       int             `json:"revision"`
	CreditCode     string          `json:"credit_code,omitempty" doc:"统一社会信用代码."`
	Name           string          `json:"name"`
	NameEn         string          `json:"name_en,omitempty"`
	Aliases        []string        `json:"aliases" nullable:"false"`
	Kind           string          `json:"kind,omitempty"`
	Region         string          `json:"region,omitempty"`
	Address        string          `json:"address,omitempty"`
	Profile        string          `json:"profile,omitempty"`
	Industries     []string        `json:"industries" nullable:"false"`
	Qualifications []Qualification `json:"qualifications" nullable:"false"`
	Founded        int             `json:"founded,omitempty"`
	Updated        time.Time       `json:"updated"`
}

func listingOf(l *scene.Listing, at time.Time) Listing {
	out := Listing{
		ID: l.ID, Revision: l.Revision, Code: l.Code, Batch: l.Batch, Name: l.Name, NameEn: l.NameEn, SummaryEn: l.Summary,
		Organisation: Party{l.OrgID, l.OrgName}, Fields: list(l.Fields), Industries: list(l.Industries),
		Modes: list(l.Modes), Regions: list(l.Regions), Keywords: list(l.Keywords), Category: l.Category,
		State: string(l.State), Open: l.Open(at), ValidFrom: instant(l.ValidFrom), ValidTo: instant(l.ValidTo), Updated: l.Updated,
	}
	if l.Maturity.Known() {
		out.Maturity = &Levels{l.Maturity.Min, l.Maturity.Max, l.Maturity.Stage()}
	}
	if o := l.Origin; o != nil {
		out.Origin = &Origin{o.Site, o.Name, o.ID}
	}
	return out
}

func opportunityOf(o *scene.Opportunity, at time.Time) Opportunity {
	return Opportunity{
		Listing: listingOf(&o.Listing, at), Department: o.Department, OwnerKind: string(o.OwnerKind),
		Situation: o.Situation, Need: o.Need, Targets: o.Targets, Works: o.Works, Resources: o.Resources,
		Site: o.SiteText, Technology: o.TechText, Budget: moneyOf(o.Budget), Schedule: monthsOf(o.Schedule),
		Procurement: o.Procurement, FirstUse: o.FirstUse,
		Eligibility: Requirements{
			Qualifications: list(o.Require.Qualifications), Regions: list(o.Require.Regions),
			MinMaturity: o.Require.MinMaturity, Domestic: o.Require.Domestic, MLPS: o.Require.MLPS, Consortium: o.Require.Consortium,
		},
	}
}

func capabilityOf(c *scene.Capability, at time.Time) Capability {
	out := Capability{
		Listing: listingOf(&c.Listing, at), Description: c.Description, Product: c.Product, ProductForm: c.ProductForm,
		Technology: c.TechText, Scenarios: c.ScenarioText, Indicators: c.Indicators, Level: c.Level,
		Conditions: c.Conditions, IP: c.IP, Qualifications: qualificationsOf(c.Qualifications), Cases: []Case{},
		Price: moneyOf(c.Price), Delivery: monthsOf(c.Delivery), FirstOfKind: c.FirstOfKind, Domestic: c.Domestic, MLPS: c.MLPS,
		Wants: Wants{Regions: list(c.Wants.Regions), MinBudgetFen: int64(c.Wants.MinBudget), Modes: list(c.Wants.Modes)},
	}
	for _, x := range c.Cases {
		out.Cases = append(out.Cases, Case(x))
	}
	return out
}

func organisationOf(o *scene.Organisation) Organisation {
	return Organisation{
		ID: o.ID, Revision: o.Revision, CreditCode: string(o.CreditCode), Name: o.Name, NameEn: o.NameEn,
		Aliases: list(o.Aliases), Kind: string(o.Kind), Region: o.Region, Address: o.Address, Profile: o.Profile,
		Industries: list(o.Industries), Qualifications: qualificationsOf(o.Qualifications), Founded: o.Founded, Updated: o.Updated,
	}
}

func qualificationsOf(qs []scene.Qualification) []Qualification {
	out := make([]Qualification, len(qs))
	for i, q := range qs {
		out[i] = Qualification{Code: q.Code, Level: q.Level, Text: q.Text}
		if !q.Until.IsZero() {
			out[i].Until = q.Until.Format(time.DateOnly)
		}
	}
	return out
}

func moneyOf(r scene.MoneyRange) *Money {
	if !r.Known() && !r.Negotiable {
		return nil
	}
	return &Money{int64(r.Min), int64(r.Max), r.Negotiable}
}

func monthsOf(m scene.Months) *Months {
	if !m.Known() {
		return nil
	}
	return &Months{m.Min, m.Max}
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// list makes an absent list an empty one, so that clients need not tell the two apart.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// etag names the state of a resource: its revision and whether it is open,
// which changes with time alone.
func etag(revision int, open bool) string {
	if open {
		return fmt.Sprintf(`"%d-open"`, revision)
	}
	return fmt.Sprintf(`"%d"`, revision)
}
