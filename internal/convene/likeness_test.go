package convene

import (
	"strings"
	"testing"

	"jinghe/internal/scene"
)

// TestRecognise: who was there is known again by name, mail, or a name that is read alike in
// the same post, and keeps his absences; somebody else is a new one.
func TestRecognise(t *testing.T) {
	t.Parallel()
	read := strings.NewReplacer("沈", "shen", "十", "shi", "石", "shi", "冯", "feng", "五", "wu", "伍", "wu", "六", "liu")
	s := &Service{spell: func(name string) (string, string) { return read.Replace(name), "" }}
	held := []scene.Delegate{
		{ID: "d1", Name: "张工", Post: "总工", Away: []string{"s1"}},
		{ID: "d2", Name: "沈十", Post: "经理", Mail: "s@example.com"},
		{ID: "d3", Name: "冯五", Post: "科长"},
		{ID: "d4", Name: "甲公司", Unnamed: true},
	}
	for text, want := range map[string]string{
		"张 工//|沈石/经理/S@example.com|冯伍/科长/": "d1 d2 d3", // a blank, the same mail, the wrong character
		"张工//|沈十//|冯伍/处长/":                 "d1 d2 ",   // in another post
		"张工//|沈十//|冯六/科长/":                 "d1 d2 ",   // one other character is somebody else
		"张工//|沈石/经理/t@example.com|冯五//":    "d1  d3",
		"冯五//|沈十//|沈石/经理/s@example.com":    "d3 d2 ",
		"张工//|张工/副总/|甲公司//":                "d1  ",
	} {
		var typed []scene.Delegate
		for line := range strings.SplitSeq(text, "|") {
			part := strings.Split(line, "/")
			typed = append(typed, scene.Delegate{Name: part[0], Post: part[1], Mail: part[2]})
		}
		var ids []string
		for _, d := range s.recognise(held, typed) {
			ids = append(ids, string(d.ID))
			if d.ID == "d1" && len(d.Away) != 1 {
				t.Errorf("%q loses absences", text)
			}
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	for name, want := range map[string]bool{"冯 五": false, "冯伍": false, "冯六": true} {
		if got := s.another(&held[2], &scene.Delegate{Name: name, Post: "科长"}); got != want {
			t.Errorf("%s is another: %v", name, got)
		}
	}
}
