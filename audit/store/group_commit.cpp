#include "audit/store/group_commit.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <iterator>

#include <pthread.h>

namespace tijori {

namespace {

constexpr std::chrono::milliseconds tick_interval{500};

}  // namespace

GroupCommit::GroupCommit(std::unique_ptr<LogWriter> log, Watchdog watchdog)
    : log_(std::move(log)), watchdog_(std::move(watchdog)), status_(log_->status()) {
  thread_ = std::thread([this] { run(); });
}

GroupCommit::~GroupCommit() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void GroupCommit::append(AppendBatch request, Done done) {
  std::unique_lock lock(mutex_);
  if (ends_ || waiting_.size() >= max_waiting_appends) {
    const bool ends = ends_;
    lock.unlock();
    done(ends ? Receipts(fail(ErrorCode::unavailable, "the audit log is stopping"))
              : Receipts(fail(ErrorCode::resource_exhausted, "too many records wait for the audit disk")));
    return;
  }
  waiting_.push_back({std::move(request), std::move(done), {}});
  lock.unlock();
  wake_.notify_one();
}

Receipts GroupCommit::append(AppendBatch request) {
  std::promise<Receipts> promise;
  append(std::move(request), [&](Receipts receipts) { promise.set_value(std::move(receipts)); });
  return promise.get_future().get();
}

void GroupCommit::with_log(const std::function<void(LogWriter&)>& work) {
  std::promise<void> finished;
  {
    std::unique_lock lock(mutex_);
    if (ends_) {
      lock.unlock();
      return;
    }
    waiting_.push_back({{}, {}, [&](LogWriter& log) {
                          work(log);
                          publish();
                          finished.set_value();
                        }});
  }
  wake_.notify_one();
  finished.get_future().wait();
}

LogStatus GroupCommit::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

uint64_t GroupCommit::commits() const {
  const std::lock_guard lock(mutex_);
  return commits_;
}

void GroupCommit::publish() {
  LogStatus status = log_->status();
  const std::lock_guard lock(mutex_);
  status_ = std::move(status);
}

void GroupCommit::commit(std::deque<Waiting> batch) {
  std::vector<AppendBatch> requests;
  requests.reserve(batch.size());
  for (Waiting& waiting : batch) requests.push_back(std::move(waiting.request));
  std::vector<Receipts> results = log_->append(std::move(requests));
  publish();
  {
    const std::lock_guard lock(mutex_);
    ++commits_;
  }
  for (size_t i = 0; i < batch.size(); ++i) batch[i].done(std::move(results[i]));
}

void GroupCommit::run() {
  pthread_setname_np(pthread_self(), "commit");
  const std::chrono::milliseconds turn = std::min(watchdog_.interval().value_or(tick_interval), tick_interval);
  for (;;) {
    watchdog_.turned();
    std::deque<Waiting> batch;
    std::function<void(LogWriter&)> work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, turn, [&] { return ends_ || !waiting_.empty(); });
      if (waiting_.empty() && ends_) return;
      size_t records = 0;
      while (!waiting_.empty() && !waiting_.front().work && records < max_commit_records) {
        records += waiting_.front().request.drafts.size();
        batch.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
      if (batch.empty() && !waiting_.empty()) {
        work = std::move(waiting_.front().work);
        waiting_.pop_front();
      }
    }
    if (!batch.empty()) {
      commit(std::move(batch));
    } else if (work) {
      work(*log_);
    }
    log_->tick();
    publish();
  }
}

Status GroupCommit::stop(std::string_view cause) {
  {
    const std::lock_guard lock(mutex_);
    if (ends_) return {};
    ends_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  const Status stopped = log_->stop(cause);
  publish();
  return stopped;
}

}  // namespace tijori
