// The part of Apache ECharts that the pages draw with: a treemap, a radar, a
// funnel and bars, written as SVG. Nothing else of the library gets in.
import { init, use } from "echarts/core";
import { BarChart, FunnelChart, RadarChart, TreemapChart } from "echarts/charts";
import { GridComponent, RadarComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, FunnelChart, RadarChart, TreemapChart, GridComponent, RadarComponent, TooltipComponent, SVGRenderer]);

export { init };
