// Work that takes its time, off the GUI thread, and its result back in it.
//
//   in_background<Result<Thing>>(this, [order] { return make(order); }, [this](Result<Thing>& made) { … });
#pragma once

#include <QCoreApplication>
#include <QObject>
#include <QPointer>
#include <QThreadPool>
#include <functional>
#include <memory>

namespace tijori {

// `done` is dropped when `context` is gone by then. Work that holds a Secret takes it by shared_ptr, since a function
// object is copied. GUI thread.
template <class T>
void in_background(QObject* context, std::function<T()> work, std::function<void(T&)> done) {
  const QPointer<QObject> receiver(context);
  QThreadPool::globalInstance()->start([receiver, work = std::move(work), done = std::move(done)] {
    auto result = std::make_shared<T>(work());
    // The receiver may go at any moment: the application object carries the call and looks again in the GUI thread.
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [receiver, done, result] {
          if (receiver) done(*result);
        },
        Qt::QueuedConnection);
  });
}

}  // namespace tijori
