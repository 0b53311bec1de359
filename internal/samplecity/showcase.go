package samplecity

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/scene"
)

// Batches returns the lists in which the city's rows went out, the earlier one
// first. Rows that came later carry no batch.
func Batches(now time.Time) []scene.Batch {
	today := startOfDay(now)
	return []scene.Batch{
		{
			Name: "第一批", NameEn: "First batch", Release: today.AddDate(0, 0, -firstBatch).Add(releaseHour),
			Intro: "首批清单，来自各区县和市级部门的集中征集。", IntroEn: "The first list, gathered from districts and city departments.",
		},
		{
			Name: "第二批", NameEn: "Second batch", Release: today.AddDate(0, 0, -secondBatch).Add(releaseHour),
			Intro: "第二批清单，新增企业自荐的场景能力。", IntroEn: "The second list, with capabilities that firms put forward themselves.",
		},
	}
}

// Days before today on which the batches went out, and the hour.
const (
	firstBatch, secondBatch = 45, 10
	releaseHour             = 9 * time.Hour
)

func startOfDay(now time.Time) time.Time {
	china := now.In(scene.China())
	return time.Date(china.Year(), china.Month(), china.Day(), 0, 0, 0, 0, china.Location())
}

// batchOf is the batch of a row that is public since so many days.
func batchOf(days int) string {
	switch {
	case days >= firstBatch:
		return "第一批"
	case days >= secondBatch:
		return "第二批"
	}
	return ""
}

// Showcase is a showcase of the city and the code of the capability it grew
// from, "" for none that is listed.
type Showcase struct {
	scene.Showcase
	Code string
}

// Showcases returns the scenarios of the city that are in use, in a fixed order.
// As rows do, they have neither ids nor times of writing.
func Showcases(now time.Time) ([]Showcase, error) {
	c, err := readWithOwn(now)
	if err != nil {
		return nil, fmt.Errorf("samplecity: %w", err)
	}
	text, err := files.ReadFile("data/showcases.txt")
	if err != nil {
		return nil, fmt.Errorf("samplecity: %w", err)
	}
	blocks, err := parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("samplecity: data/showcases.txt: %w", err)
	}
	list := make([]Showcase, 0, len(blocks))
	for _, b := range blocks {
		s, err := c.showcase(b)
		if err != nil {
			return nil, fmt.Errorf("samplecity: data/showcases.txt line %d: %w", b.line, err)
		}
		list = append(list, s)
	}
	return list, nil
}

func (c *city) showcase(b block) (Showcase, error) {
	s := Showcase{Showcase: scene.Showcase{Name: b.head(0), NameEn: b.head(3), State: scene.Published}}
	owner, err := c.org(b.head(1))
	if err != nil {
		return s, err
	}
	provider, err := c.org(b.head(2))
	if err != nil {
		return s, err
	}
	s.Owner, s.Provider = owner.Name, provider.Name
	texts := map[string]*string{
		"site": &s.Site, "text": &s.Scenario, "before": &s.Before, "after": &s.After, "cond": &s.Conditions,
		"proof": &s.Evidence, "plate": &s.Plate, "en": &s.Summary, "offer": &s.Code,
	}
	for _, key := range b.keys {
		value := b.value[key]
		if at := texts[key]; at != nil {
			*at = value
			continue
		}
		switch key {
		case "field":
			s.Fields = c.dicts.Resolve(scene.DictField, value)
			err = known(s.Fields, value)
		case "money":
			s.Investment, err = money(value)
		case "since":
			var months int
			months, err = strconv.Atoi(value)
			s.Since = c.today.AddDate(0, -months, 1-c.today.Day()).Format("2006-01")
		case "figures":
			s.Figures, err = figures(value)
		default:
			err = fmt.Errorf("unknown key %q", key)
		}
		if err != nil {
			return s, fmt.Errorf("%s: %w", key, err)
		}
	}
	return s, s.Validate()
}

// figures reads “measure|before|after|unit; …”.
func figures(value string) ([]scene.Figure, error) {
	var list []scene.Figure
	for part := range strings.SplitSeq(value, ";") {
		cells := strings.Split(strings.TrimSpace(part), "|")
		if len(cells) != 4 {
			return nil, fmt.Errorf("want measure|before|after|unit, have %q", part)
		}
		list = append(list, scene.Figure{Name: cells[0], Before: cells[1], After: cells[2], Unit: cells[3]})
	}
	return list, nil
}
