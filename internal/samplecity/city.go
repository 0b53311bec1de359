package samplecity

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/scene"
)

//go:embed data/*.txt
var files embed.FS

// Source is the name of the list that the rows say they come from.
const Source = "samplecity"

// Load returns the rows of the sample city in a fixed order, by field of use.
// Periods of validity are relative to now. The rows are as a file reader would
// leave them: no ids, no state, no times of writing; each call returns fresh ones.
func Load(now time.Time) ([]scene.Row, error) {
	c, err := readWithOwn(now)
	if err != nil {
		return nil, fmt.Errorf("samplecity: %w", err)
	}
	return c.rows, nil
}

// Flaw is a way in which an entry is not as one would wish.
type Flaw string

// The flaws.
const (
	Vague       Flaw = "vague"       // says next to nothing: “需要智能化解决方案”
	Incomplete  Flaw = "incomplete"  // no category, or no word on money
	Duplicate   Flaw = "duplicate"   // says the same as an earlier entry in other words
	Expired     Flaw = "expired"     // its validity is over
	Traditional Flaw = "traditional" // traditional or full-width characters
)

// Pair is a need and an offer that belong together in some way.
type Pair struct {
	Need, Offer string // codes
	// Clause is what keeps them apart: "budget", "region" or "maturity"; "" for a good pair.
	Clause string
}

// Manifest says what is in the city on purpose.
type Manifest struct {
	Flaws map[Flaw][]string // codes, in the order of the rows
	// Twin names, for a Duplicate, the entry that it repeats.
	Twin map[string]string
	Good []Pair // should rank near the top of each other's list
	Trap []Pair // fit in words, but a clause excludes them
}

// ReadManifest returns the manifest of the rows that Load gives.
func ReadManifest() (Manifest, error) {
	c, err := readWithOwn(time.Unix(0, 0))
	if err != nil {
		return Manifest{}, fmt.Errorf("samplecity: %w", err)
	}
	return c.manifest, nil
}

// city collects what the data files say.
type city struct {
	dicts    *scene.Dictionaries
	today    time.Time // start of the day in China
	orgs     map[string]scene.Organisation
	field    scene.Term // of the file being read
	rows     []scene.Row
	manifest Manifest
}

// readWithOwn reads the city with the dictionaries that come with the program.
func readWithOwn(now time.Time) (*city, error) {
	dicts, err := scene.LoadDictionaries()
	if err != nil {
		return nil, err
	}
	return read(dicts, now)
}

func read(dicts *scene.Dictionaries, now time.Time) (*city, error) {
	c := &city{
		dicts: dicts, orgs: map[string]scene.Organisation{}, today: startOfDay(now),
		manifest: Manifest{Flaws: map[Flaw][]string{}, Twin: map[string]string{}},
	}
	blocks, err := c.readFiles()
	if err != nil {
		return nil, err
	}
	for _, b := range blocks {
		if err := c.add(b); err != nil {
			return nil, fmt.Errorf("data/%s.txt line %d: %w", b.field.Code, b.line, err)
		}
	}
	return c, nil
}

// located is a block with the field of use whose file it stands in.
type located struct {
	block
	field scene.Term
}

// readFiles returns the blocks of data/<field>.txt in the order of the
// dictionary, the organisations before everything that refers to them.
func (c *city) readFiles() ([]located, error) {
	fields, _ := c.dicts.Get(scene.DictField)
	var orgs, rest []located
	for _, f := range fields.Terms {
		text, err := files.ReadFile("data/" + f.Code + ".txt")
		if err != nil {
			return nil, err
		}
		blocks, err := parse(string(text))
		if err != nil {
			return nil, fmt.Errorf("data/%s.txt: %w", f.Code, err)
		}
		for _, b := range blocks {
			if b.kind == "org" {
				orgs = append(orgs, located{b, f})
			} else {
				rest = append(rest, located{b, f})
			}
		}
	}
	return append(orgs, rest...), nil
}

func (c *city) add(b located) error {
	c.field = b.field
	switch b.kind {
	case "org":
		return c.addOrg(b.block)
	case "need", "offer":
		return c.addListing(b.block)
	}
	return fmt.Errorf("unknown kind of block %q", b.kind)
}

func (c *city) addOrg(b block) error {
	key, n := b.head(0), len(c.orgs)+1
	if _, repeated := c.orgs[key]; repeated || key == "" || len(b.heads) < 7 {
		return fmt.Errorf("organisation %q: repeated, or too few heads", key)
	}
	o := scene.Organisation{
		Name: b.head(1), NameEn: b.head(2), Kind: scene.OwnerKind(b.head(3)), Region: b.head(4),
		Industries:     c.dicts.Resolve(scene.DictIndustry, b.head(6)),
		Qualifications: c.dicts.Qualifications(b.head(7)),
		Profile:        b.value["profile"],
		Source:         Source,
		Contact:        contact(n),
	}
	if _, ok := c.dicts.Term(scene.DictOwnerKind, string(o.Kind)); !ok {
		return fmt.Errorf("organisation %q: unknown kind %q", key, o.Kind)
	}
	if _, ok := c.dicts.Term(scene.DictRegion, o.Region); !ok {
		return fmt.Errorf("organisation %q: unknown region %q", key, o.Region)
	}
	if b.head(5) != "" {
		year, err := strconv.Atoi(b.head(5))
		if err != nil {
			return fmt.Errorf("organisation %q: founded: %w", key, err)
		}
		o.Founded = year
	}
	o.CreditCode = creditCode(o.Kind, o.Region, n)
	o.Address = c.dicts.Label(scene.DictRegion, o.Region, "zh") + "示例路" + strconv.Itoa(n) + "号"
	c.orgs[key] = o
	return nil
}

// creditCode makes a well-formed credit code. Organisation codes that begin
// with MX have never been given out.
func creditCode(kind scene.OwnerKind, region string, n int) scene.CreditCode {
	registrar := "91" // enterprises
	switch kind {
	case scene.Government:
		registrar = "11"
	case scene.Institute:
		registrar = "12"
	}
	org := fmt.Sprintf("MX%06d", n)
	body := registrar + region + org + string(scene.OrgCheck(org))
	return scene.CreditCode(body + string(scene.CreditCheck(body)))
}

// contact invents somebody to call: a surname with a title, a number out of an
// unused range, and a mail address that leads nowhere.
func contact(n int) scene.Contact {
	surnames := []rune("周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜")
	titles := []string{"经理", "工", "主任", "老师", "科长"}
	return scene.Contact{
		Person: string(surnames[n%len(surnames)]) + titles[n%len(titles)],
		Phone:  fmt.Sprintf("0510-5550%04d", n),
		Mail:   fmt.Sprintf("contact%03d@example.com", n),
	}
}

// addListing turns a @need or @offer block into a row.
func (c *city) addListing(b block) error {
	code, name := b.head(0), b.head(1)
	org, err := c.org(b.head(2))
	if err != nil {
		return err
	}
	l := scene.Listing{
		Code: code, RowLabel: code, Source: Source, Name: name, NameEn: b.head(3), OrgName: org.Name,
		Contact: org.Contact,
	}
	row := scene.Row{File: Source, Sheet: c.field.Zh, Line: b.line, Label: code, Org: org}
	e := entry{city: c, block: b, listing: &l}
	if b.kind == "need" {
		o := &scene.Opportunity{OwnerKind: org.Kind}
		e.need = o
		err = e.read()
		o.Listing, row.Opportunity = l, o
	} else {
		o := &scene.Capability{Qualifications: slices.Clone(org.Qualifications)}
		e.offer = o
		err = e.read()
		o.Listing, row.Capability = l, o
	}
	if err != nil {
		return fmt.Errorf("%s: %w", code, err)
	}
	if slices.ContainsFunc(c.rows, func(r scene.Row) bool { return r.Label == code }) {
		return fmt.Errorf("code %q is repeated", code)
	}
	c.rows = append(c.rows, row)
	return nil
}

// org returns a copy of the organisation that a head names. Another spelling
// comes without the credit code, as it does in real lists.
func (c *city) org(head string) (scene.Organisation, error) {
	key, spelling, other := strings.Cut(head, "~")
	o, ok := c.orgs[strings.TrimSpace(key)]
	if !ok {
		return o, fmt.Errorf("unknown organisation %q", key)
	}
	o.Industries, o.Qualifications = slices.Clone(o.Industries), slices.Clone(o.Qualifications)
	if other {
		o.Name, o.NameEn, o.CreditCode = strings.TrimSpace(spelling), "", ""
	}
	return o, nil
}
