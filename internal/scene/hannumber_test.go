package scene

import "testing"

func TestHanNumber(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		"三百": 300, "十二": 12, "叁佰伍拾": 350, "两千零五": 2005, "一百一十": 110, "一百十二": 112, "九": 9, "九千九百九十九": 9999, "零": 0,
	} {
		if got, ok := HanNumber(in); !ok || got != want {
			t.Errorf("%s: %d %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "二三", "二〇二〇", "三百五", "十百", "五十三百", "百二", "八十x", "万"} {
		if got, ok := HanNumber(in); ok {
			t.Errorf("%s was read as %d", in, got)
		}
	}
}
