package samplecity

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/scene"
)

// entry reads the lines of one @need or @offer block into its row. Exactly one
// of need and offer is set.
type entry struct {
	city    *city
	block   block
	listing *scene.Listing
	need    *scene.Opportunity
	offer   *scene.Capability
}

// read applies the lines in their order and adds what a missing line means:
// the category of the file, and a period of validity that differs by entry.
func (e *entry) read() error {
	if _, given := e.block.value["cat"]; !given && e.need != nil {
		e.category(e.city.field.Zh)
	}
	if _, given := e.block.value["field"]; !given && e.offer != nil {
		e.listing.Fields = []string{e.city.field.Code}
	}
	n := len(e.city.rows)
	e.valid(-3-7*(n%11), 45+13*(n%17))
	for _, key := range e.block.keys {
		value := e.block.value[key]
		if prose := e.prose()[key]; prose != nil {
			*prose = value
			continue
		}
		ok, err := e.shared(key, value)
		if !ok && err == nil {
			if e.need != nil {
				ok, err = e.needLine(key, value)
			} else {
				ok, err = e.offerLine(key, value)
			}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		if !ok {
			return fmt.Errorf("unknown key %q", key)
		}
	}
	return nil
}

// prose returns, by key, the texts that are kept as they stand.
func (e *entry) prose() map[string]*string {
	if o := e.need; o != nil {
		return map[string]*string{
			"now": &o.Situation, "need": &o.Need, "target": &o.Targets, "has": &o.Resources,
			"works": &o.Works, "tech": &o.TechText, "dep": &o.Department, "buy": &o.Procurement,
			"type": &o.NeedType, "ref": &o.Reference,
		}
	}
	c := e.offer
	return map[string]*string{
		"what": &c.Description, "tech": &c.TechText, "use": &c.ScenarioText, "can": &c.Indicators,
		"ip": &c.IP, "first": &c.FirstOfKind, "product": &c.Product, "form": &c.ProductForm,
		"cond": &c.Conditions, "level": &c.Level,
	}
}

// shared reads the lines that needs and offers have in common.
func (e *entry) shared(key, value string) (bool, error) {
	l, d := e.listing, e.city.dicts
	switch key {
	case "cat": // the category cell as written; “-” leaves it empty
		e.category(value)
	case "en":
		l.Summary = value
	case "kw":
		l.Keywords = strings.Split(value, "、")
	case "modes":
		l.Modes = d.Resolve(scene.DictMode, value)
		return true, known(l.Modes, value)
	case "trl": // levels, e.g. 8 or 5-7
		low, high, err := numbers(value)
		l.Maturity = scene.Maturity{Min: int(low), Max: int(high)}
		return true, err
	case "valid": // days from today, e.g. -30..90
		a, b, _ := strings.Cut(value, "..")
		from, err := strconv.Atoi(a)
		if err != nil {
			return true, err
		}
		to, err := strconv.Atoi(b)
		e.valid(from, to)
		return true, err
	case "mark":
		return true, e.marks(value)
	default:
		return false, nil
	}
	return true, nil
}

func (e *entry) category(value string) {
	if value == "-" {
		value = ""
	}
	l := e.listing
	l.Category = value
	l.Industries = e.city.dicts.Resolve(scene.DictIndustry, value)
	if e.need != nil {
		l.Fields, l.Industries = e.city.dicts.Resolve(scene.DictField, value), nil
	}
}

func (e *entry) valid(from, to int) {
	e.listing.ValidFrom = e.city.today.AddDate(0, 0, from)
	e.listing.Batch = batchOf(-from)
	e.listing.ValidTo = e.city.today.AddDate(0, 0, to+1).Add(-time.Second)
}

func (e *entry) needLine(key, value string) (bool, error) {
	o, d := e.need, e.city.dicts
	var err error
	switch key {
	case "site":
		o.SiteText, e.listing.Regions = value, d.RegionOf(value)
	case "money":
		o.Budget, err = money(value)
	case "months":
		o.Schedule.Min, o.Schedule.Max, err = numbers(value)
	case "titles":
		for _, q := range d.Qualifications(value) {
			o.Require.Qualifications = append(o.Require.Qualifications, q.Code)
		}
		err = known(o.Require.Qualifications, value)
	case "seat":
		o.Require.Regions = d.RegionOf(value)
		err = known(o.Require.Regions, value)
	case "mintrl":
		o.Require.MinMaturity, err = strconv.Atoi(value)
	case "flags":
		err = e.needFlags(value)
	default:
		return false, nil
	}
	return true, err
}

func (e *entry) needFlags(value string) error {
	o := e.need
	for flag := range strings.FieldsSeq(value) {
		switch flag {
		case "domestic":
			o.Require.Domestic = true
		case "mlps2", "mlps3":
			o.Require.MLPS = int(flag[4] - '0')
		case "consortium":
			o.Require.Consortium = scene.Yes
		case "single":
			o.Require.Consortium = scene.No
		case "firstuse":
			o.FirstUse = scene.Yes
		case "nofirstuse":
			o.FirstUse = scene.No
		default:
			return fmt.Errorf("unknown flag %q", flag)
		}
	}
	return nil
}

func (e *entry) offerLine(key, value string) (bool, error) {
	o, d := e.offer, e.city.dicts
	var err error
	switch key {
	case "cases":
		o.Cases, err = cases(value)
	case "money":
		o.Price, err = money(value)
	case "months":
		o.Delivery.Min, o.Delivery.Max, err = numbers(value)
	case "titles":
		for _, q := range d.Qualifications(value) {
			if !slices.Contains(o.Qualifications, q) {
				o.Qualifications = append(o.Qualifications, q)
			}
		}
	case "field": // “-” leaves the field of use open
		e.listing.Fields = d.Resolve(scene.DictField, strings.Trim(value, "-"))
	case "site":
		e.listing.Regions = d.RegionOf(value)
		err = known(e.listing.Regions, value)
	case "only":
		o.Wants.Regions = d.RegionOf(value)
		err = known(o.Wants.Regions, value)
	case "floor":
		var r scene.MoneyRange
		r, err = money(value)
		o.Wants.MinBudget = r.Min
	case "accept":
		o.Wants.Modes = d.Resolve(scene.DictMode, value)
		err = known(o.Wants.Modes, value)
	case "flags":
		err = e.offerFlags(value)
	default:
		return false, nil
	}
	return true, err
}

func (e *entry) offerFlags(value string) error {
	for flag := range strings.FieldsSeq(value) {
		switch flag {
		case "domestic":
			e.offer.Domestic = scene.Yes
		case "foreign":
			e.offer.Domestic = scene.No
		case "mlps2", "mlps3":
			e.offer.MLPS = int(flag[4] - '0')
		default:
			return fmt.Errorf("unknown flag %q", flag)
		}
	}
	return nil
}

// marks files the entry in the manifest: the name of a flaw, “twin:CODE” for a
// duplicate, “good:CODE” on a need, and “budget:CODE”, “region:CODE” or
// “maturity:CODE” on a need for an offer that this clause excludes.
func (e *entry) marks(value string) error {
	m, code := &e.city.manifest, e.listing.Code
	for mark := range strings.FieldsSeq(value) {
		name, other, paired := strings.Cut(mark, ":")
		switch {
		case name == "twin" && paired:
			m.Flaws[Duplicate] = append(m.Flaws[Duplicate], code)
			m.Twin[code] = other
		case paired && e.need == nil:
			return fmt.Errorf("mark %q belongs to a need", mark)
		case name == "good":
			m.Good = append(m.Good, Pair{Need: code, Offer: other})
		case name == "budget" || name == "region" || name == "maturity":
			m.Trap = append(m.Trap, Pair{Need: code, Offer: other, Clause: name})
		case name == string(Vague), name == string(Incomplete), name == string(Expired), name == string(Traditional):
			m.Flaws[Flaw(name)] = append(m.Flaws[Flaw(name)], code)
		default:
			return fmt.Errorf("unknown mark %q", mark)
		}
	}
	return nil
}

// known refuses a value that the dictionaries do not know.
func known(codes []string, value string) error {
	if len(codes) == 0 {
		return fmt.Errorf("no dictionary knows %q", value)
	}
	return nil
}

// money reads 万元: “80”, “50-100”, “-100” (at most), “100-” (from) or “面议”.
func money(value string) (scene.MoneyRange, error) {
	if value == "面议" {
		return scene.MoneyRange{Negotiable: true}, nil
	}
	low, high, err := numbers(value)
	wan := func(x float64) scene.Money { return scene.Money(x*100+0.5) * (scene.Wan / 100) }
	return scene.MoneyRange{Min: wan(low), Max: wan(high)}, err
}

// numbers reads “8”, “5-7”, “-7” or “5-”; a missing side is 0.
func numbers(value string) (low, high float64, err error) {
	a, b, ranged := strings.Cut(value, "-")
	if low, err = number(a); err != nil {
		return 0, 0, err
	}
	if !ranged {
		return low, low, nil
	}
	high, err = number(b)
	return low, high, err
}

func number(s string) (float64, error) {
	if s == "" {
		return 0, nil
	}
	return strconv.ParseFloat(s, 64)
}

// cases reads “customer/year/result; customer/year/result”.
func cases(value string) ([]scene.Case, error) {
	var list []scene.Case
	for part := range strings.SplitSeq(value, ";") {
		cells := strings.SplitN(strings.TrimSpace(part), "/", 3)
		if len(cells) != 3 {
			return nil, fmt.Errorf("want customer/year/result, have %q", part)
		}
		year, err := strconv.Atoi(cells[1])
		if err != nil {
			return nil, err
		}
		list = append(list, scene.Case{Customer: cells[0], Year: year, Result: cells[2]})
	}
	return list, nil
}
