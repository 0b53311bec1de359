package convene

import (
	"slices"
	"strings"

	"jinghe/internal/scene"
)

// TableTyped is the id of a table of a fair, in letters of whatever case and width it was
// typed, with blanks or without. One that is not there, or that reads like two, is an
// Invalid error that names those nearest to it, and all of the hall.
func TableTyped(f *scene.Fair, typed string) (string, error) {
	all, key := tableIDs(f), scene.NameKey(typed)
	if id, found := alike(all, typed); found {
		return id, nil
	}
	return "", &scene.Error{Code: scene.Invalid, Op: "convene.TableTyped", Key: "fair.no_such_table", Args: map[string]any{
		"table": strings.TrimSpace(typed), "near": nearest(all, key), "all": ranges(f),
	}}
}

// placeTyped is a place as the fair spells it; a slot or a table that is not there is an
// Invalid error.
func placeTyped(f *scene.Fair, typed scene.FairPlace) (at scene.FairPlace, err error) {
	if at.Table, err = TableTyped(f, typed.Table); err == nil && typed.Slot != "" {
		at.Slot, err = slotTyped(f, typed.Slot)
	}
	return at, err
}

func slotTyped(f *scene.Fair, typed string) (string, error) {
	if id, found := alike(slotIDs(f), typed); found {
		return id, nil
	}
	return "", &scene.Error{Code: scene.Invalid, Op: "convene.slotTyped", Key: "fair.no_such_place"}
}

// alike is the id that is spelled as typed, or else the only one that reads so.
func alike(ids []string, typed string) (string, bool) {
	if slices.Contains(ids, typed) {
		return typed, true
	}
	key, found := scene.NameKey(typed), ""
	for _, id := range ids {
		switch {
		case scene.NameKey(id) != key:
		case found != "":
			return "", false
		default:
			found = id
		}
	}
	return found, found != ""
}

// fewNear is how many tables are named that may have been meant.
const fewNear = 3

// nearest are the ids that differ least from what was typed, by its key.
func nearest(ids []string, key string) []string {
	list := slices.Clone(ids)
	slices.SortStableFunc(list, func(a, b string) int {
		return scene.Distance(scene.NameKey(a), key) - scene.Distance(scene.NameKey(b), key)
	})
	return list[:min(fewNear, len(list))]
}

// ranges are the tables of a fair, of each hall the first and the last.
func ranges(f *scene.Fair) (list []string) {
	for _, h := range f.Halls {
		text := TableID(h.ID, 1)
		if h.Tables > 1 {
			text += "–" + TableID(h.ID, h.Tables)
		}
		list = append(list, text)
	}
	return list
}
