package scene

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed data
var dictionaryFiles embed.FS

// Dictionaries is the set of all dictionaries and crosswalks, indexed for
// reading. It is immutable, so safe for concurrent use; With derives a new set.
type Dictionaries struct {
	names      []string // in the order of embeddedNames, then of With
	byName     map[string]*indexed
	crosswalks []Crosswalk
	links      map[linkKey][]Link  // both directions, strongest first
	members    map[string][]string // groups of divisions
	fold       folding
	version    string
}

// indexed is a dictionary with its lookup structures.
type indexed struct {
	Dictionary
	at       map[string]int // position by code
	synonyms func() *phrases
	hints    func() *phrases
}

type linkKey struct{ from, code, to string }

// embeddedNames returns the names of the dictionaries in data/<name>.json; the
// divisions follow them and come from data/region.tsv.
func embeddedNames() []string {
	return []string{
		DictField, DictIndustry, DictFuture, DictStrategic, DictEconomy,
		DictTRL, DictQualification, DictMode, DictOwnerKind,
	}
}

// LoadDictionaries returns the dictionaries that come with the program. It
// fails only where the embedded data is broken, which a test rules out.
func LoadDictionaries() (*Dictionaries, error) {
	const op = "scene.LoadDictionaries"
	var list []Dictionary
	for _, name := range embeddedNames() {
		var d Dictionary
		if err := readEmbedded(name, &d); err != nil {
			return nil, Wrap(op, err)
		}
		list = append(list, d)
	}
	divisions, err := readDivisions()
	if err != nil {
		return nil, Wrap(op, err)
	}
	var walks []Crosswalk
	if err := readEmbedded("crosswalk", &walks); err != nil {
		return nil, Wrap(op, err)
	}
	fold, err := readFolding()
	if err != nil {
		return nil, Wrap(op, err)
	}
	d, err := newDictionaries(&Dictionaries{fold: fold}, append(list, divisions), walks)
	return d, Wrap(op, err)
}

func readEmbedded(name string, into any) error {
	b, err := dictionaryFiles.ReadFile("data/" + name + ".json")
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("data/%s.json: %w", name, err)
	}
	return nil
}

// With returns a set in which the edited dictionaries and crosswalks stand in
// place of those with the same name (or pair of names); others are added. It
// returns an Invalid error with one field per fault: an empty or repeated
// code, a term without a Chinese label, an unknown or circular parent, a link
// to an unknown code, or a weight outside (0, 1].
func (d *Dictionaries) With(edited []Dictionary, links []Crosswalk) (*Dictionaries, error) {
	walks := slices.Clone(d.crosswalks)
	for _, w := range links {
		i := slices.IndexFunc(walks, func(x Crosswalk) bool { return x.From == w.From && x.To == w.To })
		if i < 0 {
			walks = append(walks, w)
		} else {
			walks[i] = w
		}
	}
	next, err := newDictionaries(d, edited, walks)
	return next, Wrap("scene.Dictionaries.With", err)
}

// newDictionaries indexes edited, takes what it does not name from base, and
// joins them by walks.
func newDictionaries(base *Dictionaries, edited []Dictionary, walks []Crosswalk) (*Dictionaries, error) {
	d := &Dictionaries{
		names: slices.Clone(base.names), byName: map[string]*indexed{},
		crosswalks: walks, fold: base.fold,
	}
	maps.Copy(d.byName, base.byName)
	var f faults
	for _, e := range edited {
		if e.Name == "" {
			f.add("dictionaries", "dictionary.name", nil)
			continue
		}
		if _, known := d.byName[e.Name]; !known {
			d.names = append(d.names, e.Name)
		}
		d.byName[e.Name] = indexDictionary(cloneDictionary(e), d.fold, &f)
	}
	d.join(&f)
	if err := f.err("dictionary.invalid"); err != nil {
		return nil, err
	}
	version, err := d.digest()
	d.version = version
	return d, err
}

func cloneDictionary(d Dictionary) Dictionary {
	d.Terms = slices.Clone(d.Terms)
	for i := range d.Terms {
		t := &d.Terms[i]
		t.Synonyms, t.Keywords = slices.Clone(t.Synonyms), slices.Clone(t.Keywords)
	}
	return d
}

func indexDictionary(d Dictionary, fold folding, f *faults) *indexed {
	x := &indexed{Dictionary: d, at: make(map[string]int, len(d.Terms))}
	for i, t := range d.Terms {
		args := map[string]any{"dictionary": d.Name, "code": t.Code, "row": i + 1}
		switch _, repeated := x.at[t.Code]; {
		case t.Code == "":
			f.add("code", "dictionary.code_empty", args)
		case repeated:
			f.add("code", "dictionary.code_repeated", args)
		case strings.TrimSpace(t.Zh) == "":
			f.add("zh", "dictionary.label_empty", args)
		}
		x.at[t.Code] = i
	}
	x.checkParents(f)
	// Built on first use: a program that only shows labels never pays for them.
	x.synonyms = sync.OnceValue(func() *phrases { return synonymPhrases(x, fold) })
	x.hints = sync.OnceValue(func() *phrases { return hintPhrases(x, fold) })
	return x
}

func (x *indexed) checkParents(f *faults) {
	for _, t := range x.Terms {
		args := map[string]any{"dictionary": x.Name, "code": t.Code, "parent": t.Parent}
		for steps, at := 0, t; at.Parent != ""; steps++ {
			i, ok := x.at[at.Parent]
			if !ok {
				f.add("parent", "dictionary.parent_unknown", args)
				break
			}
			if steps > len(x.Terms) {
				f.add("parent", "dictionary.parent_circular", args)
				break
			}
			at = x.Terms[i]
		}
	}
}

// join checks the crosswalks and indexes them in both directions.
func (d *Dictionaries) join(f *faults) {
	d.links, d.members = map[linkKey][]Link{}, map[string][]string{}
	for _, w := range d.crosswalks {
		for _, l := range w.Links {
			args := map[string]any{"from": w.From, "to": w.To, "code": l.From, "other": l.To}
			switch {
			case !d.knows(w.From, l.From) || !d.knows(w.To, l.To):
				f.add("links", "crosswalk.code_unknown", args)
				continue
			case !(l.Weight > 0 && l.Weight <= 1): // also refuses NaN
				f.add("links", "crosswalk.weight", args)
				continue
			}
			if w.From == DictRegion && w.To == DictRegion {
				d.members[l.From] = append(d.members[l.From], l.To)
			}
			d.link(linkKey{w.From, l.From, w.To}, l)
			if w.From != w.To {
				d.link(linkKey{w.To, l.To, w.From}, Link{From: l.To, To: l.From, Weight: l.Weight})
			}
		}
	}
	for _, list := range d.links {
		slices.SortStableFunc(list, func(a, b Link) int {
			switch {
			case a.Weight > b.Weight:
				return -1
			case a.Weight < b.Weight:
				return 1
			}
			return strings.Compare(a.To, b.To)
		})
	}
}

// link adds l under key. Where a pair is joined in both directions by two
// crosswalks, the first one counts.
func (d *Dictionaries) link(key linkKey, l Link) {
	if !slices.ContainsFunc(d.links[key], func(x Link) bool { return x.To == l.To }) {
		d.links[key] = append(d.links[key], l)
	}
}

func (d *Dictionaries) knows(name, code string) bool {
	_, ok := d.Term(name, code)
	return ok
}

func (d *Dictionaries) digest() (string, error) {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, name := range d.names {
		if err := enc.Encode(d.byName[name].Dictionary); err != nil {
			return "", err
		}
	}
	if err := enc.Encode(d.crosswalks); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)[:6]), nil
}

// Names returns the names of all dictionaries, those of the program first.
func (d *Dictionaries) Names() []string { return slices.Clone(d.names) }

// Get returns a dictionary. Its slices are shared: do not write to them.
func (d *Dictionaries) Get(name string) (Dictionary, bool) {
	x, ok := d.byName[name]
	if !ok {
		return Dictionary{}, false
	}
	return x.Dictionary, true
}

// Term returns an entry of a dictionary. Its slices are shared: do not write to them.
func (d *Dictionaries) Term(name, code string) (Term, bool) {
	if x, ok := d.byName[name]; ok {
		if i, ok := x.at[code]; ok {
			return x.Terms[i], true
		}
	}
	return Term{}, false
}

// Label returns the name of a code in a language ("en", anything else is
// Chinese), or the code itself where the dictionary does not know it.
func (d *Dictionaries) Label(name, code, lang string) string {
	t, ok := d.Term(name, code)
	switch {
	case !ok:
		return code
	case lang == "en" && t.En != "":
		return t.En
	}
	return t.Zh
}

// Crosswalk returns the join of two dictionaries as it was written, in that
// direction. Its slices are shared: do not write to them.
func (d *Dictionaries) Crosswalk(from, to string) (Crosswalk, bool) {
	for _, w := range d.crosswalks {
		if w.From == from && w.To == to {
			return w, true
		}
	}
	return Crosswalk{}, false
}

// Crosswalks returns all joins as they were written. Its slices are shared:
// do not write to them.
func (d *Dictionaries) Crosswalks() []Crosswalk { return slices.Clone(d.crosswalks) }

// Related returns what a code stands for in another dictionary, strongest
// first, whichever direction the crosswalk was written in. The slice is
// shared: do not write to it.
func (d *Dictionaries) Related(fromDict, code, toDict string) []Link {
	return d.links[linkKey{fromDict, code, toDict}]
}

// Within reports whether code is outer or stands below it, by parents: a
// holder of "cmmi5" also has "cmmi3", a "little_giant" is "specialised" too.
func (d *Dictionaries) Within(name, code, outer string) bool {
	for {
		if code == outer {
			return true
		}
		t, ok := d.Term(name, code)
		if !ok || t.Parent == "" {
			return false
		}
		code = t.Parent
	}
}

// Version names the content: the first 12 hexadecimal digits of its SHA-256.
func (d *Dictionaries) Version() string { return d.version }
