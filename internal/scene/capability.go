package scene

// Capability is a scenario capability (场景能力): what a provider can do, with
// what proof, how far along, and on which terms.
type Capability struct {
	Listing
	Description  string `json:"description,omitempty"`  // 场景能力说明, 成果简介
	Product      string `json:"product,omitempty"`      // 企业与产品简介
	ProductForm  string `json:"product_form,omitempty"` // 成果体现形式
	TechText     string `json:"technology,omitempty"`   // 主要技术 as written
	ScenarioText string `json:"scenarios,omitempty"`    // 可应用落地场景
	Indicators   string `json:"indicators,omitempty"`   // 性能指标
	Level        string `json:"level,omitempty"`        // 成果技术水平 as written
	Conditions   string `json:"conditions,omitempty"`   // deployment conditions
	IP           string `json:"ip,omitempty"`           // 知识产权 as written

	Qualifications []Qualification `json:"qualifications,omitempty"`
	Cases          []Case          `json:"cases,omitempty"`
	Price          MoneyRange      `json:"price,omitzero"`
	Delivery       Months          `json:"delivery,omitzero"`
	// FirstOfKind is 首台套/首批次/首版次, "" if none or not known.
	FirstOfKind string `json:"first_of_kind,omitempty"`
	Domestic    Truth  `json:"domestic,omitempty"` // 国产化/信创 fit
	MLPS        int    `json:"mlps,omitempty"`     // level of 等保 reached; 0 is not known
	// Wants is what the provider demands of a scenario.
	Wants Terms `json:"wants,omitzero"`
}

// Case is a use of a capability at a customer.
type Case struct {
	Customer string `json:"customer"`
	Year     int    `json:"year,omitempty"`
	Result   string `json:"result,omitempty"`
}

// Terms are the provider's own conditions on a scenario.
type Terms struct {
	Regions   []string `json:"regions,omitempty"`    // serves only these divisions
	MinBudget Money    `json:"min_budget,omitempty"` // does not start below
	Modes     []string `json:"modes,omitempty"`      // accepts only these modes
}

// Validate checks c and returns an Invalid *Error with one field per fault, or nil.
func (c *Capability) Validate() error {
	var f faults
	c.validate(&f)
	validRange(&f, "price", c.Price)
	validMonths(&f, "delivery", c.Delivery)
	f.check(c.Wants.MinBudget >= 0, "wants.min_budget", "money.negative")
	f.check(validMLPS(c.MLPS), "mlps", "listing.mlps")
	f.tooLong("description", c.Description, maxText)
	f.tooLong("product", c.Product, maxText)
	f.tooLong("scenarios", c.ScenarioText, maxText)
	f.tooLong("indicators", c.Indicators, maxText)
	return f.err("capability.invalid")
}
