package scene

// Maturity is a range of technology readiness levels (技术就绪水平, GB/T
// 22900-2022), 1 to 9. Zero means not known. The real lists know only 初期
// (1–4), 中期 (5–7) and 成熟应用 (8–9).
type Maturity struct {
	Min int `json:"min,omitempty"`
	Max int `json:"max,omitempty"`
}

// Known reports whether a level is given.
func (m Maturity) Known() bool { return m.Min != 0 || m.Max != 0 }

// Valid reports whether m is not known or an ordered range within 1 to 9.
func (m Maturity) Valid() bool {
	return !m.Known() || m.Min >= 1 && m.Max <= 9 && m.Min <= m.Max
}

// Stage names the column of the printed lists that m falls into: "early",
// "middle", "mature", or "" when it is not known. A range that spans stages
// takes that of its upper level, which is what the provider claims to reach.
func (m Maturity) Stage() string {
	switch {
	case !m.Known():
		return ""
	case m.Max <= 4:
		return "early"
	case m.Max <= 7:
		return "middle"
	default:
		return "mature"
	}
}
