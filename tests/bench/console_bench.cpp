// What the console costs: its first paint beside that of an empty Qt window, and the share of a core that its live
// drawing takes. Prints a table; docs/performance.md has one.
//
//   console_bench [ROUNDS [SECONDS]]
#include <QApplication>
#include <QGridLayout>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <memory>
#include <vector>

#include "admin-ui/client/catalogue.h"
#include "admin-ui/theme/theme.h"
#include "admin-ui/views/parts/heat_map.h"
#include "admin-ui/views/parts/plot.h"

using namespace tijori;

namespace {

constexpr int layers = 48;
constexpr int experts = 16;
constexpr int updates_per_second = 10;
constexpr int64_t second_us = 1'000'000;
constexpr int64_t day_us = 86'400 * second_us;
constexpr int64_t start_us = 1'764'000'000 * second_us;

double seconds_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values.at(values.size() / 2);
}

// Milliseconds from starting the program to its first paint, or until all of its start is painted; not a number when it
// didn't come to that.
double paint_ms(const QString& program, const char* which) {
  QTemporaryDir home;
  QProcess process;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert(QStringLiteral("QT_PLUGIN_PATH"),
                     QCoreApplication::applicationDirPath() + QStringLiteral("/plugins"));
  environment.insert(QStringLiteral("QT_QPA_GENERIC_PLUGINS"), QLatin1String(which));
  for (const char* name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"})
    environment.insert(QLatin1String(name), home.path());
  process.setProcessEnvironment(environment);
  const double began_s = seconds_of(CLOCK_MONOTONIC);
  process.start(program, {});
  if (!process.waitForFinished(60'000)) return std::nan("");
  const QByteArray said = process.readAllStandardOutput();
  const auto at = said.indexOf("painted ");
  return at < 0 ? std::nan("") : said.mid(at + 8).trimmed().toDouble() / 1e6 - began_s * 1e3;
}

// One line of the table: both programs in alternating rounds.
bool compare_paint(const char* what, const char* which, int rounds) {
  const QString bin =
      qEnvironmentVariable("TIJORI_BIN_DIR", QCoreApplication::applicationDirPath() + QStringLiteral("/../bin"));
  const QString ours = bin + QStringLiteral("/tijori-console");
  const QString empty = QCoreApplication::applicationDirPath() + QStringLiteral("/empty_window");
  for (const QString& program : {ours, empty})
    if (std::isnan(paint_ms(program, which))) {  // and warms the page cache
      std::fprintf(stderr, "%s painted nothing\n", qPrintable(program));
      return false;
    }
  std::vector<double> console_ms;
  std::vector<double> empty_ms;
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    console_ms.push_back(paint_ms(ours, which));
    empty_ms.push_back(paint_ms(empty, which));
    ratios.push_back(console_ms.back() / empty_ms.back());
  }
  std::printf("| %s | %.0f ms | %.0f ms | %.2f (%.2f .. %.2f) |\n", what, median(console_ms), median(empty_ms),
              median(ratios), *std::ranges::min_element(ratios), *std::ranges::max_element(ratios));
  return true;
}

// Four plots over one time, each with a day of samples, one a second; and the heat map.
class LiveWindow {
 public:
  explicit LiveWindow(int64_t span_us) {
    auto* grid = new QGridLayout(&window_);
    time_.set_span(span_us);
    for (size_t number = 0; number < 4; ++number) {
      stores_.push_back(std::make_unique<SeriesStore>(2, second_us));
      for (int64_t at_us = start_us; at_us <= now_us_; at_us += second_us) add(number, at_us);
      auto* plot =
          new Plot(QStringLiteral("Plot"), QStringLiteral("tokens/s"), 1,
                   {{QStringLiteral("one")}, {QStringLiteral("two"), PlotSeries::Form::steps}}, *stores_.back(), time_);
      grid->addWidget(plot, static_cast<int>(number) / 2, static_cast<int>(number) % 2);
    }
    map_ = new HeatMap;
    grid->addWidget(map_, 0, 2, 2, 1);
    counts_.top_k = 1;
    for (int layer = 0; layer < layers; ++layer) {
      counts_.layers.push_back(layer);
      counts_.counts.emplace_back(experts, 1'000);
    }
    window_.resize(1440, 900);
    window_.show();
    // The first pictures, of a whole day, are made once.
    QTimer::singleShot(1'000, &window_, [] { QCoreApplication::exit(); });
    QApplication::exec();
  }

  // The share of one core over that many seconds.
  double share(int seconds) {
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer, &QTimer::timeout, &window_, [this] { update(); });
    timer.start(1000 / updates_per_second);
    const double cpu_s = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    const double wall_s = seconds_of(CLOCK_MONOTONIC);
    updates_ = 0;
    QTimer::singleShot(seconds * 1000, &window_, [] { QCoreApplication::exit(); });
    QApplication::exec();
    // A busy machine makes fewer updates than asked for: what each took is what counts.
    const double took_s = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_s;
    std::fprintf(stderr, "%d updates in %.1f s\n", updates_, seconds_of(CLOCK_MONOTONIC) - wall_s);
    return took_s / updates_ * updates_per_second;
  }

 private:
  void add(size_t number, int64_t now_us) {
    const int64_t tenth = (now_us - start_us) / (second_us / updates_per_second);
    const double wave = std::sin(static_cast<double>(tenth) / 3000 + static_cast<double>(number));
    stores_.at(number)->add(
        {now_us, {40 + 30 * wave + static_cast<double>(tenth * 7919 % 13), static_cast<double>(tenth / 10 % 7)}});
  }
  void update() {
    ++updates_;
    now_us_ += second_us / updates_per_second;
    for (size_t number = 0; number < stores_.size(); ++number) add(number, now_us_);
    time_.advance(now_us_);
    for (auto& row : counts_.counts)
      for (size_t expert = 0; expert < row.size(); ++expert)
        row[expert] += static_cast<int64_t>(expert * 37 + static_cast<size_t>(updates_)) % 29;
    map_->set_counts(counts_);
  }

  QWidget window_;
  PlotTime time_;
  std::vector<std::unique_ptr<SeriesStore>> stores_;
  HeatMap* map_;
  ExpertCounts counts_;
  int64_t now_us_ = start_us + day_us;
  int updates_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  QGuiApplication::setQuitOnLastWindowClosed(false);
  Theme::instance().apply(application, Look::light, Script::latin);
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 15;
  const int seconds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 10;
  std::printf(
      "| from exec, median of %d rounds | tijori-console | empty window | ratio (least .. largest) "
      "|\n|---|---|---|---|\n",
      rounds);
  if (!compare_paint("first paint", "firstpaint", rounds) ||
      !compare_paint("everything painted", "firstpaint:settled", rounds))
    return 1;
  std::printf("\n");
  std::printf(
      "| %d × %d heat map and four plots, a day of samples, %d updates a second | share of one core |\n|---|---|\n",
      layers, experts, updates_per_second);
  struct Span {
    const char* name;
    int64_t us;
  };
  for (const Span& span : {Span{"15 minutes shown", 900 * second_us}, Span{"the whole day shown", day_us}})
    std::printf("| %s | %.1f %% |\n", span.name, LiveWindow(span.us).share(seconds) * 100);
  return 0;
}
