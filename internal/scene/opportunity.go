package scene

// Opportunity is a scenario opportunity (场景机会): a need that a scenario owner
// publishes so that providers can answer it.
type Opportunity struct {
	Listing
	Department string    `json:"department,omitempty"` // 牵头部门/建议对接部门
	OwnerKind  OwnerKind `json:"owner_kind,omitempty"`

	// The description in parts. A list that has one column only fills Need.
	Situation string `json:"situation,omitempty"`  // 现状与痛点
	Need      string `json:"need,omitempty"`       // 具体需求
	Targets   string `json:"targets,omitempty"`    // 技术指标
	Resources string `json:"resources,omitempty"`  // 已有基础与可开放资源
	Works     string `json:"works,omitempty"`      // 建设内容
	SiteText  string `json:"site_text,omitempty"`  // 落地区域 as written
	NeedType  string `json:"need_type,omitempty"`  // 需求类型 as written
	Reference string `json:"reference,omitempty"`  // 参考案例, 潜在企业及产品
	TechText  string `json:"technology,omitempty"` // 主要技术 as written

	Budget      MoneyRange  `json:"budget,omitzero"`
	Schedule    Months      `json:"schedule,omitzero"`     // wanted delivery time
	Procurement string      `json:"procurement,omitempty"` // 采购方式 as written
	FirstUse    Truth       `json:"first_use,omitempty"`   // is a first use (首试首用) welcome?
	Require     Eligibility `json:"eligibility,omitzero"`  // what a provider must bring
	Attachments []ID        `json:"attachments,omitempty"`
	StewardID   ID          `json:"steward_id,omitempty"` // 场景专员
}

// Eligibility is what an owner demands of a provider before anything is scored.
type Eligibility struct {
	// Qualifications that must all be held (codes of the dictionary “qualification”).
	Qualifications []string `json:"qualifications,omitempty"`
	// Regions the provider must sit in, any one of them (division codes).
	Regions []string `json:"regions,omitempty"`
	// MinMaturity is the lowest acceptable TRL; 0 is none.
	MinMaturity int `json:"min_maturity,omitempty"`
	// Domestic demands 国产化/信创, MLPS the level of 等保 (2 or 3), Consortium says whether 联合体 may bid.
	Domestic   bool  `json:"domestic,omitempty"`
	MLPS       int   `json:"mlps,omitempty"`
	Consortium Truth `json:"consortium,omitempty"`
}

// Validate checks o and returns an Invalid *Error with one field per fault, or nil.
func (o *Opportunity) Validate() error {
	var f faults
	o.validate(&f)
	validRange(&f, "budget", o.Budget)
	f.check(o.Require.MinMaturity >= 0 && o.Require.MinMaturity <= 9, "eligibility.min_maturity", "listing.maturity")
	validMonths(&f, "schedule", o.Schedule)
	f.check(validMLPS(o.Require.MLPS), "eligibility.mlps", "listing.mlps")
	f.tooLong("situation", o.Situation, maxText)
	f.tooLong("need", o.Need, maxText)
	f.tooLong("targets", o.Targets, maxText)
	f.tooLong("resources", o.Resources, maxText)
	f.tooLong("works", o.Works, maxText)
	return f.err("opportunity.invalid")
}
