package match

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"jinghe/internal/scene"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// brief writes an indicator as in testdata/indicators.tsv: name|relation|bound|unit.
func (i Indicator) brief() string {
	n := func(v float64) string { return fmt.Sprintf("%.6g", v) }
	s := i.Name + "|" + i.Relation.String() + "|"
	switch i.Relation {
	case AtMost, Within:
		s += n(i.High)
	case Between:
		s += n(i.Low) + ".." + n(i.High)
	case Negotiable:
	default:
		s += n(i.Low)
	}
	return s + "|" + i.Unit
}

func TestParseIndicatorsTable(t *testing.T) {
	t.Parallel()
	path := filepath.Join("testdata", "indicators.tsv")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rewritten strings.Builder
	rows := 0
	for line := range strings.Lines(string(raw)) {
		phrase, want, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		var got []string
		for _, i := range ParseIndicators(phrase) {
			got = append(got, i.brief())
		}
		joined := strings.Join(got, " ; ")
		if joined != want && !*update {
			t.Errorf("%s\n got %q\nwant %q", phrase, joined, want)
		}
		fmt.Fprintf(&rewritten, "%s\t%s\n", phrase, joined)
		rows++
	}
	if rows < 300 {
		t.Errorf("%d phrases, want at least 300", rows)
	}
	if *update {
		if err := os.WriteFile(path, []byte(rewritten.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestIndicatorPositions(t *testing.T) {
	t.Parallel()
	text := "系统要求：识别准确率≥９５％，响应时间小于 50 ms。"
	got := ParseIndicators(text)
	if len(got) != 2 {
		t.Fatalf("%d indicators in %q", len(got), text)
	}
	for i, want := range []string{"≥９５％", "小于 50 ms"} {
		if s := string([]rune(text)[got[i].Start:got[i].End]); s != want {
			t.Errorf("passage %d is %q, want %q", i, s, want)
		}
	}
}

func TestMeets(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		need, offer string
		want        scene.Truth
	}{
		{"屈服强度≥450MPa", "屈服强度500MPa", scene.Yes},
		{"屈服强度≥450MPa", "屈服强度≥0.5GPa", scene.Yes},
		{"屈服强度≥450MPa", "屈服强度400MPa", scene.No},
		{"屈服强度≥450MPa", "屈服强度≥400MPa", scene.Unknown},
		{"屈服强度≥450MPa", "屈服强度≤500MPa", scene.Unknown},
		{"屈服强度≥450MPa", "屈服强度≤400MPa", scene.No},
		{"屈服强度≥450MPa", "屈服强度400~500MPa", scene.Unknown},
		{"定位精度±0.2mm", "定位精度±100μm", scene.Yes},
		{"定位精度±0.2mm", "定位精度±1mm", scene.No},
		{"响应时间≤50ms", "响应时间小于0.02秒", scene.Yes},
		{"响应时间≤50ms", "响应时间1s", scene.No},
		{"工作温度-20℃~60℃", "工作温度-40℃~85℃", scene.Yes},
		{"工作温度-20℃~60℃", "工作温度0℃~85℃", scene.Unknown},
		{"工作温度-20℃~0℃", "工作温度10℃~85℃", scene.No},
		{"识别准确率95%", "识别准确率98%", scene.Yes},
		{"误报率3%", "误报率1%", scene.Yes},
		{"误报率3%", "误报率5%", scene.No},
		{"箱体颜色深度3级", "箱体颜色深度8级", scene.Unknown},
	} {
		need, offer := ParseIndicators(tc.need), ParseIndicators(tc.offer)
		if len(need) != 1 || len(offer) != 1 {
			t.Fatalf("%s / %s: read %d and %d", tc.need, tc.offer, len(need), len(offer))
		}
		if got := meets(&need[0], &offer[0]); got != tc.want {
			t.Errorf("%s by %s: %v, want %v", tc.need, tc.offer, got, tc.want)
		}
	}
}

// TestCompareNeedsSameThing: figures are held against each other only where
// both mean one quantity, of one thing, per the same.
func TestCompareNeedsSameThing(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	for _, tc := range []struct {
		need, offer string
		want        scene.Truth
	}{
		{"识别准确率≥95%", "准确率98%", scene.Yes},
		{"识别准确率≥95%", "检测识别准确率达98%", scene.Yes},
		{"识别准确率≥95%", "湿度98%", scene.Unknown},
		{"识别准确率≥95%", "识别准确率高达数十帧 30fps", scene.Unknown},
		{"排队长度检测准确率≥92%", "目标检测准确率≥95%", scene.Unknown},
		{"排队长度检测准确率≥92%", "排队长度准确率95%", scene.Yes},
		{"叶绿素a测量误差≤15%", "预测误差6%", scene.Unknown},
		{"叶绿素a测量误差≤15%", "叶绿素a误差12%", scene.Yes},
		{"叶绿素a测量误差≤15%", "浊度测量误差12%", scene.Unknown},
		{"叶绿素a测量误差≤15%", "浮标测叶绿素a，测量误差12%", scene.Yes},
		{"漏损误报率≤10%", "甲烷浓度监测，误报率0.4%", scene.Unknown},
		{"漏损误报率≤10%", "管网漏损定位，误报率7%", scene.Yes},
		{"误报率≤10%", "漏报率7%", scene.Unknown},
		{"误报每公里每月不多于2次", "误报每天每栋小于1次", scene.Unknown},
		{"误报每公里每月不多于2次", "误报每公里每月1次", scene.Yes},
		{"误报率每月≤1次", "误报每季度1次", scene.Yes},
		{"误报每月每公里≤1次", "误报每公里每年20次", scene.No},
		{"定位误差≤1.5米", "定位误差平均0.9米", scene.Yes},
	} {
		got := compare(e.Need(aNeed("需求", tc.need), nil), e.Offer(anOffer("能力", tc.offer), nil))
		if len(got) != 1 || got[0].truth != tc.want {
			t.Errorf("%s by %s: %+v, want %v", tc.need, tc.offer, got, tc.want)
		}
	}
}

func FuzzParseIndicators(f *testing.F) {
	for _, s := range []string{"屈服强度≥450MPa", "-40℃~85℃", "百分之九十五", "1×10^-6次", "面议", "1e999m", "\xff3米", "≥", "(MPa)≥", "１２３，４５６路"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := utf8.RuneCountInString(text)
		last := 0
		for _, i := range ParseIndicators(text) {
			if i.Start < last || i.End <= i.Start || i.End > n {
				t.Fatalf("%q: passage %d–%d after %d of %d", text, i.Start, i.End, last, n)
			}
			last = i.End
			if math.IsNaN(i.Low) || math.IsNaN(i.High) || i.Low > i.High {
				t.Fatalf("%q: bounds %v to %v", text, i.Low, i.High)
			}
		}
	})
}
