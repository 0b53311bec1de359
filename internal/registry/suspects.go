package registry

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Suspect is two organisations that may be one, with what speaks for it: "name"
// (the same but for the form of the company), "part" (one name is the beginning or the end of
// the other), "phone", "mail" (one domain that is not a provider of mailboxes).
type Suspect struct {
	First, Second scene.Organisation
	Why           []string
}

// Bounds of the search for suspects.
const (
	suspectsShown = 12
	// crowd is how many may share a telephone or a domain of mail until it is
	// that of an agency or a park, and tells nothing.
	crowd = 4
	// coreLeast is how long what is left of a name must be to tell anything, in code points.
	coreLeast = 4
	// partLeast is the share of the longer name that the shorter one must have.
	partLeast = 0.5
)

// distinctKey is the setting that holds the pairs which a person took for two.
const distinctKey = "organisations.distinct"

// suspectsKept is how long suspects are shown after they were looked for, unless this
// process wrote or a person decided about a pair: all organisations are read for them.
const suspectsKept = time.Minute

// likeness is what was found at an instant.
type likeness struct {
	instant
	decided uint64 // counts.decided before it was looked for
	list    []Suspect
}

// Suspects returns pairs of organisations that may be one, the likeliest first,
// at most 12. Those with two different credit codes are two, as are those that a
// person said are. What other processes wrote is looked at within a minute. The
// list is shared: it is not to be changed.
func (r *Registry) Suspects(ctx context.Context, by scene.Actor) (list []Suspect, err error) {
	if err := by.May(scene.OrganisationMerge, scene.Object{}); err != nil {
		return nil, err
	}
	now := r.now()
	held := r.counts.alike.Load()
	written, decided := r.counts.written.Load(), r.counts.decided.Load()
	if held != nil && held.decided == decided && r.counts.fresh(&held.instant, now, suspectsKept) {
		return held.list, nil
	}
	var all []scene.Organisation
	distinct := map[[2]scene.ID]bool{}
	err = r.store.View(ctx, func(tx store.Tx) error {
		all = nil
		if err := readDistinct(ctx, tx, distinct); err != nil {
			return err
		}
		return store.Each(func(p store.Page) (store.Rows[scene.Organisation], error) {
			return tx.Organisations().List(ctx, p)
		}, func(o *scene.Organisation) error {
			all = append(all, *o)
			return nil
		})
	})
	if err != nil {
		return nil, scene.Wrap("registry.Suspects", err)
	}
	list = suspects(all, distinct)
	r.counts.alike.Store(&likeness{instant{now, r.now().Sub(now), written}, decided, list})
	return list, nil
}

// Distinct notes that two organisations are not one: they are suspected no more.
func (r *Registry) Distinct(ctx context.Context, by scene.Actor, a, b scene.ID) error {
	if err := by.May(scene.OrganisationMerge, scene.Object{}); err != nil {
		return err
	}
	err := r.store.Update(ctx, func(tx store.Tx) error {
		distinct := map[[2]scene.ID]bool{}
		if err := readDistinct(ctx, tx, distinct); err != nil {
			return err
		}
		for _, id := range []scene.ID{a, b} {
			if _, err := tx.Organisations().Get(ctx, id); err != nil {
				return err
			}
		}
		distinct[pairOf(a, b)] = true
		pairs := make([][2]scene.ID, 0, len(distinct))
		for pair := range distinct {
			pairs = append(pairs, pair)
		}
		slices.SortFunc(pairs, func(x, y [2]scene.ID) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
		raw, err := json.Marshal(pairs)
		if err != nil {
			return err
		}
		if err := tx.Settings().Put(ctx, distinctKey, raw); err != nil {
			return err
		}
		recorder := store.Recorder{IDs: r.ids, Now: r.now}
		return recorder.Record(ctx, tx, by, "organisation.distinct", "organisation", a, string(b), nil, nil)
	})
	r.counts.decided.Add(1)
	return scene.Wrap("registry.Distinct", err)
}

func readDistinct(ctx context.Context, tx store.Tx, into map[[2]scene.ID]bool) error {
	raw, err := tx.Settings().Get(ctx, distinctKey)
	if err != nil || raw == nil {
		return err
	}
	var pairs [][2]scene.ID
	if err := json.Unmarshal(raw, &pairs); err != nil {
		return &scene.Error{Code: scene.Internal, Key: "store.corrupt", Err: err}
	}
	for _, pair := range pairs {
		into[pair] = true
	}
	return nil
}

func pairOf(a, b scene.ID) [2]scene.ID { return [2]scene.ID{min(a, b), max(a, b)} }

// suspects finds pairs that share something.
func suspects(all []scene.Organisation, distinct map[[2]scene.ID]bool) []Suspect {
	why := map[[2]int][]string{}
	note := func(i, j int, reason string) {
		pair := [2]int{min(i, j), max(i, j)}
		if i == j || slices.Contains(why[pair], reason) || differ(all[i].CreditCode, all[j].CreditCode) || distinct[pairOf(all[i].ID, all[j].ID)] {
			return
		}
		why[pair] = append(why[pair], reason)
	}
	cores, phones, domains := map[string][]int{}, map[string][]int{}, map[string][]int{}
	for i := range all {
		for _, name := range append([]string{all[i].Name}, all[i].Aliases...) {
			addOnce(cores, core(name), i)
		}
		for _, phone := range numbers(all[i].Contact.Phone + " " + all[i].Contact.Raw) {
			addOnce(phones, phone, i)
		}
		addOnce(domains, ownDomain(all[i].Contact.Mail), i)
	}
	together(cores, len(all), func(i, j int) { note(i, j, "name") })
	parts(cores, func(i, j int) { note(i, j, "part") })
	together(phones, crowd, func(i, j int) { note(i, j, "phone") })
	together(domains, crowd, func(i, j int) { note(i, j, "mail") })

	pairs := make([][2]int, 0, len(why))
	for pair := range why {
		pairs = append(pairs, pair)
	}
	slices.SortFunc(pairs, func(x, y [2]int) int {
		return cmp.Or(cmp.Compare(weigh(why[y]), weigh(why[x])), cmp.Compare(all[x[0]].ID, all[y[0]].ID), cmp.Compare(all[x[1]].ID, all[y[1]].ID))
	})
	var list []Suspect
	for _, pair := range pairs[:min(len(pairs), suspectsShown)] {
		list = append(list, Suspect{First: all[pair[0]], Second: all[pair[1]], Why: why[pair]})
	}
	return list
}

// weigh orders pairs: two hints weigh more than any one.
func weigh(why []string) (w int) {
	for _, reason := range why {
		w += map[string]int{"name": 4, "phone": 3, "mail": 2, "part": 2}[reason]
	}
	return w
}

func addOnce(into map[string][]int, key string, i int) {
	if key != "" && !slices.Contains(into[key], i) {
		into[key] = append(into[key], i)
	}
}

// together hands all pairs that share a key to fn, where no more than most do.
func together(by map[string][]int, most int, fn func(i, j int)) {
	for _, list := range by {
		if len(list) > most {
			continue
		}
		for a := range list {
			for _, j := range list[a+1:] {
				fn(list[a], j)
			}
		}
	}
}

// parts hands the pairs to fn of which one name begins or ends the other.
func parts(cores map[string][]int, fn func(i, j int)) {
	for name, list := range cores {
		runes := []rune(name)
		least := max(coreLeast, int(partLeast*float64(len(runes))+0.5))
		for n := least; n < len(runes); n++ {
			for _, part := range []string{string(runes[:n]), string(runes[len(runes)-n:])} {
				for _, j := range cores[part] {
					for _, i := range list {
						fn(i, j)
					}
				}
			}
		}
	}
}

// core is a name without what says only the form of a company; "" where too
// little is left to tell anything.
func core(name string) string {
	key := scene.NameKey(name)
	for _, form := range []string{"有限责任公司", "股份有限公司", "有限公司", "股份公司", "集团公司", "公司", "集团", "coltd", "limited", "ltd", "inc"} {
		if short, ok := strings.CutSuffix(key, form); ok {
			key = short
			break
		}
	}
	if len([]rune(key)) < coreLeast {
		return ""
	}
	return key
}

// numbers are the telephone numbers in a text, as digits: runs of 7 to 12, whatever joins them.
func numbers(text string) (list []string) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) && r != '-' && r != '*' }) {
		digits := strings.ReplaceAll(word, "-", "")
		if n := len(digits); n >= 7 && n <= 12 && !strings.Contains(digits, "*") {
			list = append(list, digits)
		}
	}
	return list
}

// ownDomain is the domain of a mail address, "" for one that anybody may have.
func ownDomain(mail string) string {
	_, domain, ok := strings.Cut(strings.ToLower(strings.TrimSpace(mail)), "@")
	if !ok || slices.Contains([]string{
		"qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "sina.com", "sina.cn", "sohu.com", "139.com", "189.cn", "wo.cn", "21cn.com",
		"aliyun.com", "gmail.com", "outlook.com", "hotmail.com", "live.com", "live.cn", "msn.com", "icloud.com", "yahoo.com", "tom.com", "vip.163.com", "vip.qq.com",
	}, domain) {
		return ""
	}
	return domain
}
