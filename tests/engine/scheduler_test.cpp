#include "engine/scheduler.h"

#include <QtTest>
#include <map>

#include "engine/chat_format.h"
#include "tests/support/tiny_models.h"
#include "tests/support/tokenizers.h"

using namespace tijori;
using namespace tijori::test;

namespace {

// Remembers what a request was told.
class Recorder final : public GenerationSink {
 public:
  struct Answer {
    std::string text;
    int deltas = 0;
    uint32_t tokens_in_deltas = 0;
    std::optional<FinishReason> reason;
    GenerationUsage usage;
    std::optional<Error> error;
    bool ended() const { return reason || error; }
  };
  void on_delta(GenerationId id, std::string_view text, uint32_t n_tokens) override {
    Answer& answer = answers[id];
    QVERIFY(!answer.ended());
    QVERIFY(!text.empty());
    answer.text += text;
    ++answer.deltas;
    answer.tokens_in_deltas += n_tokens;
  }
  void on_finish(GenerationId id, FinishReason reason, const GenerationUsage& usage) override {
    QVERIFY(!answers[id].ended());
    answers[id].reason = reason;
    answers[id].usage = usage;
  }
  void on_error(GenerationId id, const Error& error) override {
    QVERIFY(!answers[id].ended());
    answers[id].error = error;
  }
  std::map<GenerationId, Answer> answers;
};

class HandClock final : public Clock {
 public:
  int64_t wall_us() const override { return 0; }
  int64_t boot_us() const override { return now_us; }
  int64_t now_us = 0;
};

struct Bench {
  explicit Bench(const ModelOptions& options, std::vector<TokenId> stop_tokens = {}, uint32_t step_tokens = 256)
      : bytes(tiny_model(Tiny::scout)),
        files(*GgufModel::from_bytes(bytes, "tiny")),
        model(*Model::load(files, options, {})),
        tokenizer(*Tokenizer::create(tiny_tokenizer().data())),
        scheduler(*model, tokenizer, stop_tokens, recorder, clock, step_tokens) {}

  void run() {
    for (int i = 0; i < 10000 && scheduler.has_work(); ++i) QVERIFY(scheduler.step());
  }
  Recorder::Answer& answer(GenerationId id) { return recorder.answers[id]; }

  Bytes bytes;
  GgufModel files;
  std::unique_ptr<Model> model;
  Tokenizer tokenizer;
  Recorder recorder;
  HandClock clock;
  Scheduler scheduler;
};

ModelOptions options_of(uint32_t sequences, uint32_t context = 64) {
  return {.backend = BackendKind::reference,
          .n_threads = 1,
          .context_tokens = context,
          .max_sequences = sequences,
          .kv_type = KvType::f32,
          .max_batch_tokens = 64,
          .max_logit_rows = sequences};
}

GenerationRequest request_of(uint32_t n_prompt, uint32_t max_tokens, uint64_t seed = 0) {
  GenerationRequest request;
  request.prompt = tiny_tokens(n_prompt);
  request.max_tokens = max_tokens;
  request.sampling.temperature = seed == 0 ? 0.0F : 1.0F;
  request.sampling.seed = seed;
  request.credit = 1000;
  return request;
}

}  // namespace

class SchedulerTest : public QObject {
  Q_OBJECT

 private slots:
  void answers_up_to_the_length_asked_for() {
    Bench bench(options_of(2));
    QVERIFY(bench.scheduler.submit(1, request_of(5, 12)));
    bench.run();
    const auto& answer = bench.answer(1);
    QCOMPARE(answer.reason, FinishReason::length);
    QCOMPARE(answer.usage.prompt_tokens, 5U);
    QCOMPARE(answer.usage.completion_tokens, 12U);
    QVERIFY(!answer.text.empty());
    QVERIFY(bench.scheduler.idle());
    QCOMPARE(bench.scheduler.counts().kv_blocks_used, 0U);
    QCOMPARE(bench.scheduler.counts().prompt_tokens, uint64_t{5});
    QCOMPARE(bench.scheduler.counts().completion_tokens, uint64_t{12});
  }

  // The same request alone, and among others that come and go, in steps of other sizes.
  void neighbours_change_nothing() {
    std::map<uint64_t, std::string> alone;
    for (uint64_t id = 1; id <= 6; ++id) {
      Bench bench(options_of(1));
      QVERIFY(bench.scheduler.submit(id, request_of(static_cast<uint32_t>(3 + id * 4), 20, id == 1 ? 0 : id)));
      bench.run();
      alone[id] = bench.answer(id).text;
      QVERIFY(!alone[id].empty());
    }
    for (const uint32_t step_tokens : {3U, 16U, 64U}) {
      Bench bench(options_of(4), {}, step_tokens);
      for (uint64_t id = 1; id <= 6; ++id) {
        QVERIFY(bench.scheduler.submit(id, request_of(static_cast<uint32_t>(3 + id * 4), 20, id == 1 ? 0 : id)));
        QVERIFY(bench.scheduler.step());
        if (id == 2) {
          QVERIFY(bench.scheduler.submit(99, request_of(9, 20, 5)));
          QVERIFY(bench.scheduler.step());
        }
        if (id == 4) bench.scheduler.cancel(99);
      }
      bench.run();
      for (uint64_t id = 1; id <= 6; ++id) QCOMPARE(bench.answer(id).text, alone[id]);
      QCOMPARE(bench.answer(99).reason, FinishReason::cancelled);
    }
  }

  void waits_for_a_free_sequence_in_order_of_arrival() {
    Bench bench(options_of(1));
    QVERIFY(bench.scheduler.submit(1, request_of(4, 5)));
    QVERIFY(bench.scheduler.submit(2, request_of(4, 5)));
    QVERIFY(bench.scheduler.step());
    QCOMPARE(bench.scheduler.counts().running, size_t{1});
    QCOMPARE(bench.scheduler.counts().waiting, size_t{1});
    bench.clock.now_us = 1000;
    bench.run();
    QCOMPARE(bench.answer(1).text, bench.answer(2).text);
    QCOMPARE(bench.answer(1).usage.queue_us, int64_t{0});
    QCOMPARE(bench.answer(2).usage.queue_us, int64_t{1000});
    QCOMPARE(bench.answer(1).usage.decode_us, int64_t{1000});
  }

  // 64 positions are two blocks: a second request of the same size finds none, though a sequence is free.
  void waits_for_free_blocks() {
    ModelOptions options = options_of(2);
    options.kv_tokens = 64;
    Bench bench(options);
    QVERIFY(bench.scheduler.submit(1, request_of(20, 30)));
    QVERIFY(bench.scheduler.submit(2, request_of(20, 30)));
    QVERIFY(bench.scheduler.step());
    QCOMPARE(bench.scheduler.counts().waiting, size_t{1});
    bench.run();
    QCOMPARE(bench.answer(2).usage.completion_tokens, 30U);
  }

  void an_answer_pauses_without_credit_and_others_go_on() {
    Bench bench(options_of(2));
    GenerationRequest stingy = request_of(4, 10);
    stingy.credit = 3;
    QVERIFY(bench.scheduler.submit(1, stingy));
    QVERIFY(bench.scheduler.submit(2, request_of(4, 10)));
    bench.run();
    QCOMPARE(bench.answer(1).deltas, 3);
    QVERIFY(!bench.answer(1).ended());
    QCOMPARE(bench.answer(2).reason, FinishReason::length);
    bench.scheduler.add_credit(1, 100);
    bench.run();
    QCOMPARE(bench.answer(1).reason, FinishReason::length);
    QCOMPARE(bench.answer(1).text, bench.answer(2).text);
    QVERIFY(bench.answer(1).tokens_in_deltas <= 10);
  }

  void without_any_credit_the_prompt_is_computed_and_no_more() {
    Bench bench(options_of(1));
    GenerationRequest request = request_of(10, 4);
    request.credit = 0;
    QVERIFY(bench.scheduler.submit(1, request));
    bench.run();
    QVERIFY(!bench.scheduler.has_work());
    QCOMPARE(bench.scheduler.counts().prompt_tokens, uint64_t{9});
    QCOMPARE(bench.answer(1).deltas, 0);
    bench.scheduler.add_credit(1, 10);
    bench.run();
    QCOMPARE(bench.answer(1).reason, FinishReason::length);
  }

  void stops_at_a_stop_token() {
    Bench free(options_of(1));
    QVERIFY(free.scheduler.submit(1, request_of(6, 20, 9)));
    free.run();
    // Any token of the answer serves as the stop token; its text is not part of the answer.
    const std::string text = free.answer(1).text;
    const TokenId stop = free.tokenizer.encode(text.substr(text.size() - 1))->front();
    Bench bench(options_of(1), {stop});
    QVERIFY(bench.scheduler.submit(1, request_of(6, 20, 9)));
    bench.run();
    QCOMPARE(bench.answer(1).reason, FinishReason::stop);
    QVERIFY(text.starts_with(bench.answer(1).text));
    QVERIFY(bench.answer(1).text.size() < text.size());
  }

  void stops_before_a_stop_string() {
    Bench free(options_of(1));
    QVERIFY(free.scheduler.submit(1, request_of(6, 30, 4)));
    free.run();
    const std::string text = free.answer(1).text;
    QVERIFY(text.size() > 8);
    GenerationRequest request = request_of(6, 30, 4);
    request.stop = {text.substr(5, 3)};
    Bench bench(options_of(1));
    QVERIFY(bench.scheduler.submit(1, request));
    bench.run();
    QCOMPARE(bench.answer(1).reason, FinishReason::stop);
    QCOMPARE(bench.answer(1).text, text.substr(0, text.find(request.stop[0])));
  }

  void cancelling_frees_the_place() {
    Bench bench(options_of(1));
    QVERIFY(bench.scheduler.submit(1, request_of(4, 50)));
    QVERIFY(bench.scheduler.submit(2, request_of(4, 3)));
    QVERIFY(bench.scheduler.submit(3, request_of(4, 3)));
    QVERIFY(bench.scheduler.step());
    bench.scheduler.cancel(3);  // still waiting
    QCOMPARE(bench.answer(3).reason, FinishReason::cancelled);
    bench.scheduler.cancel(1);
    QCOMPARE(bench.answer(1).reason, FinishReason::cancelled);
    bench.scheduler.cancel(1);
    bench.run();
    QCOMPARE(bench.answer(2).reason, FinishReason::length);
    QVERIFY(bench.scheduler.submit(4, request_of(4, 50)));
    bench.scheduler.cancel_all();
    QVERIFY(bench.scheduler.idle());
    QCOMPARE(bench.scheduler.counts().kv_blocks_used, 0U);
  }

  void fills_the_context_and_no_more() {
    Bench bench(options_of(1));
    QVERIFY(bench.scheduler.submit(1, request_of(60, 0)));
    QVERIFY(bench.scheduler.submit(2, request_of(63, 1000)));
    bench.run();
    QCOMPARE(bench.answer(1).usage.completion_tokens, 4U);
    QCOMPARE(bench.answer(2).usage.completion_tokens, 1U);
    QCOMPARE(bench.answer(2).reason, FinishReason::length);
    QVERIFY(!bench.scheduler.check_context(63));
    const auto overflow = bench.scheduler.check_context(64);
    QVERIFY(overflow);
    QCOMPARE(overflow->limit_tokens, 64U);
    QCOMPARE(overflow->asked_tokens, 65U);
    QCOMPARE(bench.scheduler.submit(3, request_of(64, 1)).error().code, ErrorCode::invalid_argument);
  }

  void refuses_what_cannot_run() {
    Bench bench(options_of(1));
    QCOMPARE(bench.scheduler.submit(1, request_of(0, 1)).error().code, ErrorCode::invalid_argument);
    GenerationRequest outside = request_of(3, 1);
    outside.prompt[1] = tiny_vocabulary;
    QCOMPARE(bench.scheduler.submit(1, outside).error().code, ErrorCode::invalid_argument);
    GenerationRequest hot = request_of(3, 1);
    hot.sampling.temperature = -1;
    QCOMPARE(bench.scheduler.submit(1, hot).error().code, ErrorCode::invalid_argument);
    GenerationRequest endless = request_of(3, 1);
    endless.stop = {""};
    QCOMPARE(bench.scheduler.submit(1, endless).error().code, ErrorCode::invalid_argument);
    QVERIFY(bench.scheduler.submit(1, request_of(3, 1)));
    QCOMPARE(bench.scheduler.submit(1, request_of(3, 1)).error().code, ErrorCode::already_exists);
    for (GenerationId id = 2; id <= max_waiting_requests; ++id) {
      QVERIFY(bench.scheduler.submit(id, request_of(3, 1)));
    }
    QCOMPARE(bench.scheduler.submit(5000, request_of(3, 1)).error().code, ErrorCode::resource_exhausted);
    QVERIFY(bench.recorder.answers.empty());
    bench.run();
    QCOMPARE(bench.recorder.answers.size(), max_waiting_requests);
  }
};

QTEST_GUILESS_MAIN(SchedulerTest)
#include "scheduler_test.moc"
